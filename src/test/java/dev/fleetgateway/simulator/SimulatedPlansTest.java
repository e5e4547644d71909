package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.fleetgateway.time.FakeTime;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import viam.common.v1.Pose;
import viam.common.v1.PoseInFrame;
import viam.component.base.v1.StopRequest;
import viam.component.base.v1.StopResponse;
import viam.service.motion.v1.ListPlanStatusesRequest;
import viam.service.motion.v1.ListPlanStatusesResponse;
import viam.service.motion.v1.MoveOnGlobeRequest;
import viam.service.motion.v1.MoveOnGlobeResponse;
import viam.service.motion.v1.MoveOnMapRequest;
import viam.service.motion.v1.MoveOnMapResponse;
import viam.service.motion.v1.MoveRequest;
import viam.service.motion.v1.MoveResponse;
import viam.service.motion.v1.PlanState;
import viam.service.motion.v1.PlanStatusWithID;
import viam.service.motion.v1.StopPlanRequest;
import viam.service.motion.v1.StopPlanResponse;

class SimulatedPlansTest {

    private static final String MOTION = "viam.service.motion.v1.MotionService/";

    private final FakeTime time = new FakeTime();
    private final SimulatedFleet fleet =
            SimulatedFleet.start(time, MachineSpec.named("rover").withResources(resources()));
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final Caller caller = Caller.of(machine);

    private static List<ResourceSpec> resources() {
        List<ResourceSpec> resources = new ArrayList<>(ResourceSpec.oneOfEach());
        resources.add(ResourceSpec.of("rdk:service:motion", "builtin"));
        return resources;
    }

    @AfterEach
    void close() {
        caller.close();
        fleet.close();
    }

    @Test
    void anExecutionAnswersAtOnceAndDrivesUntilItsPlanEnds() {
        String id = onGlobe();
        assertThat(machine.isMoving("base1")).isTrue();
        assertThat(plans(true)).singleElement().satisfies(plan -> {
            assertThat(plan.getExecutionId()).isEqualTo(id);
            assertThat(plan.getComponentName()).isEqualTo("base1");
            assertThat(plan.getStatus().getState()).isEqualTo(PlanState.PLAN_STATE_IN_PROGRESS);
        });
        time.advance(Motion.PLAN);
        assertThat(machine.isMoving("base1")).isFalse();
        assertThat(plans(true)).isEmpty();
        assertThat(states()).containsExactly(PlanState.PLAN_STATE_SUCCEEDED);
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void onlyStopPlanEndsAnExecution() {
        assertThat(call(
                                MOTION + "MoveOnMap",
                                MoveOnMapRequest.newBuilder()
                                        .setName("builtin")
                                        .setComponentName("base1")
                                        .build(),
                                MoveOnMapResponse.getDefaultInstance())
                        .getExecutionId())
                .isNotEmpty();
        stopBase();
        time.advance(Duration.ofMillis(500));
        assertThat(machine.isMoving("base1")).isTrue();
        stopPlan();
        assertThat(machine.isMoving("base1")).isFalse();
        assertThat(states()).containsExactly(PlanState.PLAN_STATE_STOPPED);
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void aBaseHasOneExecutionAtATime() {
        String id = onGlobe();
        var second = caller.call(MOTION + "MoveOnGlobe", globe(), MoveOnGlobeResponse.getDefaultInstance());
        assertThat(second.text()).isEqualTo("there is already an active executionID: " + id);
        stopPlan();
        assertThat(onGlobe()).isNotEqualTo(id);
        assertThat(plans(false)).hasSize(2);
    }

    @Test
    void stoppingAPlanThatNeverWasIsAnError() {
        var reply = caller.call(MOTION + "StopPlan", stop(), StopPlanResponse.getDefaultInstance());
        assertThat(reply.code()).isEqualTo(Code.UNKNOWN);
        assertThat(reply.text()).isEqualTo("resource \"base1\" not found");
    }

    @Test
    void moveBlocksAndAnswersOkAtItsEndAlthoughItsBaseWasStopped() {
        var moving = move("base1");
        await().until(() -> machine.isMoving("base1"));
        stopBase();
        time.advance(Duration.ofSeconds(4));
        assertThat(moving.done()).isNotDone();
        time.advance(Duration.ofSeconds(1));
        assertThat(moving.done().join().only().getSuccess()).isTrue();
    }

    @Test
    void moveEndsWithItsCall() {
        for (String component : List.of("base1", "arm1")) {
            var moving = move(component);
            await().until(() -> machine.isMoving(component));
            moving.hangUp();
            await().until(() -> !machine.isMoving(component));
            assertThat(time.pendingTimers()).isEmpty();
        }
    }

    @Test
    void aRestartEndsExecutions() {
        onGlobe();
        machine.restart();
        assertThat(machine.isMoving("base1")).isFalse();
        assertThat(time.pendingTimers()).isEmpty();
    }

    private Caller.Running<MoveResponse> move(String component) {
        return caller.start(
                MOTION + "Move",
                MethodType.UNARY,
                MoveRequest.newBuilder()
                        .setName("builtin")
                        .setComponentName(component)
                        .setDestination(PoseInFrame.newBuilder()
                                .setPose(Pose.newBuilder().setX(90)))
                        .build(),
                MoveResponse.getDefaultInstance());
    }

    private static MoveOnGlobeRequest globe() {
        return MoveOnGlobeRequest.newBuilder()
                .setName("builtin")
                .setComponentName("base1")
                .setDestination(Readings.PLACE)
                .build();
    }

    private String onGlobe() {
        return call(MOTION + "MoveOnGlobe", globe(), MoveOnGlobeResponse.getDefaultInstance())
                .getExecutionId();
    }

    private static StopPlanRequest stop() {
        return StopPlanRequest.newBuilder()
                .setName("builtin")
                .setComponentName("base1")
                .build();
    }

    private void stopPlan() {
        call(MOTION + "StopPlan", stop(), StopPlanResponse.getDefaultInstance());
    }

    private void stopBase() {
        call(
                "viam.component.base.v1.BaseService/Stop",
                StopRequest.newBuilder().setName("base1").build(),
                StopResponse.getDefaultInstance());
    }

    private List<PlanStatusWithID> plans(boolean activeOnly) {
        return call(
                        MOTION + "ListPlanStatuses",
                        ListPlanStatusesRequest.newBuilder()
                                .setName("builtin")
                                .setOnlyActivePlans(activeOnly)
                                .build(),
                        ListPlanStatusesResponse.getDefaultInstance())
                .getPlanStatusesWithIdsList();
    }

    private List<PlanState> states() {
        return plans(false).stream().map(plan -> plan.getStatus().getState()).toList();
    }

    private <T extends Message> T call(String path, Message request, T answer) {
        return caller.call(path, request, answer).only();
    }
}
