package dev.fleetgateway.simulator;

import viam.component.base.v1.GetPropertiesRequest;
import viam.component.base.v1.GetPropertiesResponse;
import viam.component.base.v1.IsMovingRequest;
import viam.component.base.v1.IsMovingResponse;
import viam.component.base.v1.MoveStraightRequest;
import viam.component.base.v1.MoveStraightResponse;
import viam.component.base.v1.SetPowerRequest;
import viam.component.base.v1.SetPowerResponse;
import viam.component.base.v1.SetVelocityRequest;
import viam.component.base.v1.SetVelocityResponse;
import viam.component.base.v1.SpinRequest;
import viam.component.base.v1.SpinResponse;
import viam.component.base.v1.StopRequest;
import viam.component.base.v1.StopResponse;

/** The base API, said in terms of {@link Base}. Only forward and around the vertical axis mean anything to wheels. */
final class BaseApi {

    private static final double METRES_PER_MM = 0.001;

    private BaseApi() {}

    static Api<Base> api() {
        return Api.shaped(Api.of(
                        "rdk:component:base",
                        MoveStraightRequest.getDescriptor().getFile(),
                        "BaseService",
                        Base.class))
                .run(
                        MoveStraightRequest.getDefaultInstance(),
                        "MoveStraight",
                        (base, request, call) -> call.operation()
                                .whenCancelled(base.moveStraight(
                                        (double) request.getDistanceMm(),
                                        request.getMmPerSec(),
                                        () -> call.answer(MoveStraightResponse.getDefaultInstance()))))
                .run(
                        SpinRequest.getDefaultInstance(),
                        "Spin",
                        (base, request, call) -> call.operation()
                                .whenCancelled(base.spin(
                                        request.getAngleDeg(),
                                        request.getDegsPerSec(),
                                        () -> call.answer(SpinResponse.getDefaultInstance()))))
                .answer(SetPowerRequest.getDefaultInstance(), "SetPower", (base, request) -> {
                    base.setPower(
                            request.getLinear().getY(), request.getAngular().getZ());
                    return SetPowerResponse.getDefaultInstance();
                })
                .answer(SetVelocityRequest.getDefaultInstance(), "SetVelocity", (base, request) -> {
                    base.setVelocity(
                            request.getLinear().getY(), request.getAngular().getZ());
                    return SetVelocityResponse.getDefaultInstance();
                })
                .stop(StopRequest.getDefaultInstance(), StopResponse.getDefaultInstance())
                .answer(
                        IsMovingRequest.getDefaultInstance(),
                        "IsMoving",
                        (base, _) -> IsMovingResponse.newBuilder()
                                .setIsMoving(base.isMoving())
                                .build())
                .answer(
                        GetPropertiesRequest.getDefaultInstance(),
                        "GetProperties",
                        (_, _) -> GetPropertiesResponse.newBuilder()
                                .setWidthMeters(Base.WIDTH_MM * METRES_PER_MM)
                                .setWheelCircumferenceMeters(Base.WHEEL_CIRCUMFERENCE_MM * METRES_PER_MM)
                                .build());
    }
}
