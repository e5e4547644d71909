package dev.fleetgateway.simulator;

import java.util.List;
import viam.component.button.v1.PushRequest;
import viam.component.button.v1.PushResponse;
import viam.component.gantry.v1.GetLengthsRequest;
import viam.component.gantry.v1.GetLengthsResponse;
import viam.component.gantry.v1.HomeRequest;
import viam.component.gantry.v1.HomeResponse;
import viam.component.gantry.v1.MoveToPositionRequest;
import viam.component.gantry.v1.MoveToPositionResponse;
import viam.component.gripper.v1.GetCurrentInputsRequest;
import viam.component.gripper.v1.GetCurrentInputsResponse;
import viam.component.gripper.v1.GoToInputsRequest;
import viam.component.gripper.v1.GoToInputsResponse;
import viam.component.gripper.v1.GrabRequest;
import viam.component.gripper.v1.GrabResponse;
import viam.component.gripper.v1.IsHoldingSomethingRequest;
import viam.component.gripper.v1.IsHoldingSomethingResponse;
import viam.component.gripper.v1.OpenRequest;
import viam.component.gripper.v1.OpenResponse;
import viam.component.servo.v1.MoveRequest;
import viam.component.servo.v1.MoveResponse;
import viam.component.switches.v1.GetNumberOfPositionsRequest;
import viam.component.switches.v1.GetNumberOfPositionsResponse;
import viam.component.switches.v1.SetPositionRequest;
import viam.component.switches.v1.SetPositionResponse;

/** The APIs of what is monitored by sessions and, as a fake, never seen to move. */
final class FixtureApis {

    private static final double OPEN = 1;
    private static final double CLOSED = 0;

    private FixtureApis() {}

    static Api<Fixture> gantry() {
        return Api.shaped(Api.of(
                        "rdk:component:gantry",
                        MoveToPositionRequest.getDescriptor().getFile(),
                        "GantryService",
                        Fixture.class))
                .answer(
                        viam.component.gantry.v1.GetPositionRequest.getDefaultInstance(),
                        "GetPosition",
                        (gantry, _) -> viam.component.gantry.v1.GetPositionResponse.newBuilder()
                                .addAllPositionsMm(gantry.place())
                                .build())
                .answer(MoveToPositionRequest.getDefaultInstance(), "MoveToPosition", (gantry, request) -> {
                    for (double position : request.getPositionsMmList()) {
                        if (position < 0 || position > Fixture.GANTRY_MM) {
                            throw Refusal.of("position %s out of range [0, 100]".formatted(position));
                        }
                    }
                    gantry.place(request.getPositionsMmList());
                    return MoveToPositionResponse.getDefaultInstance();
                })
                .answer(
                        HomeRequest.getDefaultInstance(),
                        "Home",
                        (_, _) -> HomeResponse.newBuilder().setHomed(true).build())
                .answer(
                        GetLengthsRequest.getDefaultInstance(),
                        "GetLengths",
                        (_, _) -> GetLengthsResponse.newBuilder()
                                .addLengthsMm(Fixture.GANTRY_MM)
                                .build())
                .stop(
                        viam.component.gantry.v1.StopRequest.getDefaultInstance(),
                        viam.component.gantry.v1.StopResponse.getDefaultInstance())
                .answer(
                        viam.component.gantry.v1.IsMovingRequest.getDefaultInstance(),
                        "IsMoving",
                        (gantry, _) -> viam.component.gantry.v1.IsMovingResponse.newBuilder()
                                .setIsMoving(gantry.isMoving())
                                .build());
    }

    static Api<Fixture> gripper() {
        return Api.shaped(Api.of(
                        "rdk:component:gripper",
                        GrabRequest.getDescriptor().getFile(),
                        "GripperService",
                        Fixture.class))
                .answer(OpenRequest.getDefaultInstance(), "Open", (gripper, _) -> {
                    gripper.place(List.of(OPEN));
                    return OpenResponse.getDefaultInstance();
                })
                .answer(GrabRequest.getDefaultInstance(), "Grab", (gripper, _) -> {
                    gripper.place(List.of(CLOSED));
                    return GrabResponse.getDefaultInstance();
                })
                .answer(
                        IsHoldingSomethingRequest.getDefaultInstance(),
                        "IsHoldingSomething",
                        (_, _) -> IsHoldingSomethingResponse.getDefaultInstance())
                .answer(
                        GetCurrentInputsRequest.getDefaultInstance(),
                        "GetCurrentInputs",
                        (gripper, _) -> GetCurrentInputsResponse.newBuilder()
                                .addAllValues(gripper.place())
                                .build())
                .answer(GoToInputsRequest.getDefaultInstance(), "GoToInputs", (gripper, request) -> {
                    gripper.place(request.getValuesList());
                    return GoToInputsResponse.getDefaultInstance();
                })
                .stop(
                        viam.component.gripper.v1.StopRequest.getDefaultInstance(),
                        viam.component.gripper.v1.StopResponse.getDefaultInstance())
                .answer(
                        viam.component.gripper.v1.IsMovingRequest.getDefaultInstance(),
                        "IsMoving",
                        (gripper, _) -> viam.component.gripper.v1.IsMovingResponse.newBuilder()
                                .setIsMoving(gripper.isMoving())
                                .build());
    }

    static Api<Fixture> servo() {
        return Api.of("rdk:component:servo", MoveRequest.getDescriptor().getFile(), "ServoService", Fixture.class)
                .answer(MoveRequest.getDefaultInstance(), "Move", (servo, request) -> {
                    servo.place(List.of((double) request.getAngleDeg()));
                    return MoveResponse.getDefaultInstance();
                })
                .answer(
                        viam.component.servo.v1.GetPositionRequest.getDefaultInstance(),
                        "GetPosition",
                        (servo, _) -> viam.component.servo.v1.GetPositionResponse.newBuilder()
                                .setPositionDeg(servo.place().getFirst().intValue())
                                .build())
                .stop(
                        viam.component.servo.v1.StopRequest.getDefaultInstance(),
                        viam.component.servo.v1.StopResponse.getDefaultInstance())
                .answer(
                        viam.component.servo.v1.IsMovingRequest.getDefaultInstance(),
                        "IsMoving",
                        (servo, _) -> viam.component.servo.v1.IsMovingResponse.newBuilder()
                                .setIsMoving(servo.isMoving())
                                .build());
    }

    static Api<Plain> button() {
        return Api.of("rdk:component:button", PushRequest.getDescriptor().getFile(), "ButtonService", Plain.class)
                .answer(PushRequest.getDefaultInstance(), "Push", (_, _) -> PushResponse.getDefaultInstance());
    }

    static Api<Selector> selector() {
        return Api.of(
                        "rdk:component:switch",
                        SetPositionRequest.getDescriptor().getFile(),
                        "SwitchService",
                        Selector.class)
                .answer(SetPositionRequest.getDefaultInstance(), "SetPosition", (selector, request) -> {
                    selector.select(request.getPosition());
                    return SetPositionResponse.getDefaultInstance();
                })
                .answer(
                        viam.component.switches.v1.GetPositionRequest.getDefaultInstance(),
                        "GetPosition",
                        (selector, _) -> viam.component.switches.v1.GetPositionResponse.newBuilder()
                                .setPosition(selector.position())
                                .build())
                .answer(
                        GetNumberOfPositionsRequest.getDefaultInstance(),
                        "GetNumberOfPositions",
                        (_, _) -> GetNumberOfPositionsResponse.newBuilder()
                                .setNumberOfPositions(Selector.POSITIONS)
                                .build());
    }
}
