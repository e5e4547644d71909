package dev.fleetgateway.simulator;

import viam.component.motor.v1.GetPositionRequest;
import viam.component.motor.v1.GetPositionResponse;
import viam.component.motor.v1.GetPropertiesRequest;
import viam.component.motor.v1.GetPropertiesResponse;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.GoForResponse;
import viam.component.motor.v1.GoToRequest;
import viam.component.motor.v1.GoToResponse;
import viam.component.motor.v1.IsMovingRequest;
import viam.component.motor.v1.IsMovingResponse;
import viam.component.motor.v1.IsPoweredRequest;
import viam.component.motor.v1.IsPoweredResponse;
import viam.component.motor.v1.ResetZeroPositionRequest;
import viam.component.motor.v1.ResetZeroPositionResponse;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.component.motor.v1.SetRPMRequest;
import viam.component.motor.v1.SetRPMResponse;
import viam.component.motor.v1.StopRequest;
import viam.component.motor.v1.StopResponse;

/** The motor API, said in terms of {@link Motor}. */
final class MotorApi {

    private MotorApi() {}

    static Api<Motor> api() {
        return Api.of("rdk:component:motor", SetPowerRequest.getDescriptor().getFile(), "MotorService", Motor.class)
                .answer(SetPowerRequest.getDefaultInstance(), "SetPower", (motor, request) -> {
                    motor.setPower(request.getPowerPct());
                    return SetPowerResponse.getDefaultInstance();
                })
                .answer(SetRPMRequest.getDefaultInstance(), "SetRPM", (motor, request) -> {
                    motor.setRpm(request.getRpm());
                    return SetRPMResponse.getDefaultInstance();
                })
                .run(
                        GoForRequest.getDefaultInstance(),
                        "GoFor",
                        (motor, request, call) -> call.operation()
                                .whenCancelled(motor.goFor(
                                        request.getRpm(),
                                        request.getRevolutions(),
                                        () -> call.answer(GoForResponse.getDefaultInstance()))))
                .run(
                        GoToRequest.getDefaultInstance(),
                        "GoTo",
                        (motor, request, call) -> call.operation()
                                .whenCancelled(motor.goTo(
                                        request.getRpm(),
                                        request.getPositionRevolutions(),
                                        () -> call.answer(GoToResponse.getDefaultInstance()))))
                .answer(ResetZeroPositionRequest.getDefaultInstance(), "ResetZeroPosition", (motor, request) -> {
                    motor.place(-request.getOffset());
                    return ResetZeroPositionResponse.getDefaultInstance();
                })
                .answer(
                        GetPositionRequest.getDefaultInstance(),
                        "GetPosition",
                        (motor, _) -> GetPositionResponse.newBuilder()
                                .setPosition(motor.position())
                                .build())
                .answer(
                        GetPropertiesRequest.getDefaultInstance(),
                        "GetProperties",
                        (_, _) -> GetPropertiesResponse.newBuilder()
                                .setPositionReporting(true)
                                .build())
                .stop(StopRequest.getDefaultInstance(), StopResponse.getDefaultInstance())
                .answer(
                        IsPoweredRequest.getDefaultInstance(),
                        "IsPowered",
                        (motor, _) -> IsPoweredResponse.newBuilder()
                                .setIsOn(motor.isMoving())
                                .setPowerPct(motor.power())
                                .build())
                .answer(
                        IsMovingRequest.getDefaultInstance(),
                        "IsMoving",
                        (motor, _) -> IsMovingResponse.newBuilder()
                                .setIsMoving(motor.isMoving())
                                .build());
    }
}
