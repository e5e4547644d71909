package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static dev.fleetgateway.lease.LeasedFleet.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import dev.fleetgateway.simulator.MachineSpec;
import dev.fleetgateway.simulator.ResourceSpec;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import viam.service.motion.v1.MotionServiceGrpc;
import viam.service.motion.v1.MoveOnMapRequest;
import viam.service.navigation.v1.Mode;
import viam.service.navigation.v1.NavigationServiceGrpc;
import viam.service.navigation.v1.SetModeRequest;

/** What a service goes on with by itself is shown as going on, whoever began it and whether or not its machine is there. */
class UnattendedMotionIT {

    private static final String NAVIGATION = "rdk:service:navigation/nav1";
    private static final String MOTION = "rdk:service:motion/builtin";
    private static final String ON_MAP = "{\"componentName\": \"base1\", \"slamServiceName\": \"slam1\"}";

    private static LeasedFleet fleet;

    @BeforeAll
    static void start() {
        List<MachineSpec> machines = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            machines.add(LeasedFleet.spec("m-" + i));
        }
        machines.add(MachineSpec.named("plain").withResources(List.of(ResourceSpec.of("rdk:component:motor", "m1"))));
        fleet = LeasedFleet.of(machines);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void anExecutionIsShownFromItsAnswerToItsStop() {
        Rover rover = fleet.rover();
        eventually("nothing goes on", () -> isNothing(rover));
        try (Holder holder = rover.acquire()) {
            String execution = onMap(holder);
            eventually("it is shown", () -> shown(rover).size() == 1);
            JsonNode going = shown(rover).getFirst();
            assertThat(going.get("resource").asString()).isEqualTo(MOTION);
            assertThat(going.get("component").asString()).isEqualTo("base1");
            assertThat(going.get("execution").asString()).isEqualTo(execution);
            assertThat(going.get("state").asString()).isEqualTo("IN_PROGRESS");
            eventually(
                    "it was seen again",
                    () -> !going.get("observedAt")
                            .equals(shown(rover).getFirst().get("observedAt")));
            assertThat(shown(rover).getFirst().get("since")).isEqualTo(going.get("since"));

            Answer stopped = holder.call("/services/motion/builtin/StopPlan", "{\"componentName\": \"base1\"}");
            assertThat(stopped.status()).as(stopped.body()).isEqualTo(200);
            eventually("it is over", () -> isNothing(rover));
        }
    }

    @Test
    void whatACallBeganIsShownWhileItsMachineIsAwayAndEndsWithTheLeaseOnceItIsBack() {
        Rover rover = fleet.rover();
        JsonNode going;
        try (Holder holder = rover.acquire()) {
            onMap(holder);
            eventually("it is shown", () -> shown(rover).size() == 1);
            rover.machine().leaveLan();
            eventually("it is away", () -> isAway(rover));
            going = shown(rover).getFirst();
        }
        throughout(
                Duration.ofSeconds(3),
                "it is shown as it was last seen",
                () -> shown(rover).equals(List.of(going)));
        assertThat(rover.machine().isMoving("base1")).as("and so it is").isTrue();
        rover.machine().mend();
        eventually("what the holder had set going is stopped", () -> isNothing(rover));
        throughout(Duration.ofSeconds(1), "it stands", rover::stands);
    }

    @Test
    void whatAnotherBeganIsFoundAndIsStillThereWhenItsMachineIsBackUntilItIsStopped() {
        Rover rover = fleet.rover();
        directly(rover, channel -> {
            var _ = NavigationServiceGrpc.newBlockingStub(channel)
                    .setMode(SetModeRequest.newBuilder()
                            .setName("nav1")
                            .setMode(Mode.MODE_WAYPOINT)
                            .build());
            var _ = MotionServiceGrpc.newBlockingStub(channel)
                    .moveOnMap(MoveOnMapRequest.newBuilder()
                            .setName("builtin")
                            .setComponentName("base1")
                            .build());
        });
        var _ = fleet.send("POST", rover.path("/connect"), "");
        eventually("both are found", () -> shown(rover).size() == 2);
        List<JsonNode> seen = shown(rover);
        assertThat(seen)
                .extracting(one ->
                        one.get("resource").asString() + " " + one.get("state").asString())
                .containsExactlyInAnyOrder(NAVIGATION + " WAYPOINT", MOTION + " IN_PROGRESS");

        rover.machine().leaveLan();
        eventually("it is away", () -> isAway(rover));
        assertThat(shown(rover)).hasSize(2);
        rover.machine().mend();
        eventually(
                "they are seen again",
                () -> shown(rover).stream()
                        .noneMatch(one -> seen.stream()
                                .anyMatch(before -> before.get("observedAt").equals(one.get("observedAt")))));
        assertThat(shown(rover))
                .extracting(one -> one.get("since"))
                .containsExactlyElementsOf(
                        seen.stream().map(one -> one.get("since")).toList());

        Answer stop = rover.stop();
        assertThat(stop.status()).as(stop.body()).isEqualTo(200);
        eventually("none goes on", () -> isNothing(rover));
        assertThat(rover.stands()).isTrue();
    }

    @Test
    void whatAMachineForgotAtItsRestartIsOver() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            onMap(holder);
            eventually("it is shown", () -> shown(rover).size() == 1);
        }
        rover.machine().powerOff();
        eventually("it is away", () -> isAway(rover));
        assertThat(shown(rover)).hasSize(1);
        rover.machine().powerOn();
        eventually("none goes on", () -> isNothing(rover));
    }

    @Test
    void aMachineWithoutSuchServicesSaysAtOnceThatNothingGoesOnAndIsNotAsked() {
        Rover rover = fleet.rover("plain", "plain");
        eventually("nothing goes on", () -> isNothing(rover));
        assertThat(rover.machine().calls())
                .noneMatch(call ->
                        call.method().endsWith("GetMode") || call.method().endsWith("ListPlanStatuses"));
    }

    private static String onMap(Holder holder) {
        Answer answer = holder.call("/services/motion/builtin/MoveOnMap", ON_MAP);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.member("executionId");
    }

    /** As a client that knows nothing of the gateway. */
    private static void directly(Rover rover, Consumer<ManagedChannel> does) {
        ManagedChannel channel = ManagedChannelBuilder.forTarget(rover.machine().address())
                .usePlaintext()
                .build();
        try {
            does.accept(channel);
        } finally {
            channel.shutdownNow();
        }
    }

    private static List<JsonNode> shown(Rover rover) {
        List<JsonNode> all = new ArrayList<>();
        rover.picture().at("/motion/unattended").forEach(all::add);
        return all;
    }

    private static boolean isNothing(Rover rover) {
        JsonNode all = rover.picture().at("/motion/unattended");
        return all.isArray() && all.isEmpty();
    }

    private static boolean isAway(Rover rover) {
        return !rover.picture().at("/connection/state").asString().equals("READY");
    }
}
