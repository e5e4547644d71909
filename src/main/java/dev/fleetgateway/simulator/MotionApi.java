package dev.fleetgateway.simulator;

import io.grpc.Status;
import viam.service.motion.v1.ListPlanStatusesRequest;
import viam.service.motion.v1.ListPlanStatusesResponse;
import viam.service.motion.v1.MoveOnGlobeRequest;
import viam.service.motion.v1.MoveOnGlobeResponse;
import viam.service.motion.v1.MoveOnMapRequest;
import viam.service.motion.v1.MoveOnMapResponse;
import viam.service.motion.v1.MoveRequest;
import viam.service.motion.v1.MoveResponse;
import viam.service.motion.v1.StopPlanRequest;
import viam.service.motion.v1.StopPlanResponse;

/** The motion API, said in terms of {@link Motion}. */
final class MotionApi {

    private MotionApi() {}

    static Api<Motion> api() {
        return Api.of("rdk:service:motion", MoveRequest.getDescriptor().getFile(), "MotionService", Motion.class)
                .run(MoveRequest.getDefaultInstance(), "Move", MotionApi::move)
                .answer(
                        MoveOnMapRequest.getDefaultInstance(),
                        "MoveOnMap",
                        (motion, request) -> MoveOnMapResponse.newBuilder()
                                .setExecutionId(motion.execute(request.getComponentName()))
                                .build())
                .answer(
                        MoveOnGlobeRequest.getDefaultInstance(),
                        "MoveOnGlobe",
                        (motion, request) -> MoveOnGlobeResponse.newBuilder()
                                .setExecutionId(motion.execute(request.getComponentName()))
                                .build())
                .answer(StopPlanRequest.getDefaultInstance(), "StopPlan", (motion, request) -> {
                    motion.stopPlan(request.getComponentName());
                    return StopPlanResponse.getDefaultInstance();
                })
                .answer(
                        ListPlanStatusesRequest.getDefaultInstance(),
                        "ListPlanStatuses",
                        (motion, request) -> ListPlanStatusesResponse.newBuilder()
                                .addAllPlanStatusesWithIds(motion.statuses(request.getOnlyActivePlans()))
                                .build());
    }

    private static void move(Motion motion, MoveRequest request, Call call) {
        Runnable end = motion.move(
                request.getComponentName(),
                request.getDestination().getPose(),
                () -> call.answer(MoveResponse.newBuilder().setSuccess(true).build()));
        call.operation().whenCancelled(() -> {
            // Before the motion is ended, whose end would answer OK.
            call.fail(Status.CANCELLED.withDescription("context canceled"));
            end.run();
        });
    }
}
