package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static dev.fleetgateway.lease.LeasedFleet.throughout;
import static dev.fleetgateway.lease.Rover.MOTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import dev.fleetgateway.simulator.MachineSpec;
import dev.fleetgateway.simulator.RecordedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stop works whatever else goes on, and what it said stays true. */
class StopBarrierIT {

    private static final Duration A_WHILE = Duration.ofMillis(1_500);
    private static final Duration STEADY = Duration.ofSeconds(2);
    private static final String SET_POWER = MOTOR + "SetPower";

    private static LeasedFleet fleet;

    @BeforeAll
    static void start() {
        List<MachineSpec> machines = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            machines.add(LeasedFleet.spec("m-" + i));
        }
        // The flood of calls keeps a small host busy for longer than the short window.
        machines.add(LeasedFleet.spec("steady").withWindow(STEADY));
        fleet = LeasedFleet.of(machines, "gateway.call.max-in-flight-per-caller=1000");
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void aStopHoldsAgainstTheHolderUntilHeResumes() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            Instant stopped;
            try (var joystick = fleet.every(Duration.ofMillis(50), () -> holder.laterPower("m1"))) {
                eventually("it moves", () -> rover.moves("m1"));
                Answer stop = rover.stop();
                stopped = Instant.now();
                assertThat(stop.status()).as(stop.body()).isEqualTo(200);
                assertThat(stop.member("outcome")).isEqualTo("STOPPED");
                throughout(A_WHILE, "it stands", rover::stands);
                Answer last = joystick.answers().getLast();
                assertThat(last.status()).isEqualTo(409);
                assertThat(last.member("code")).isEqualTo("lease-stopped");
                assertThat(last.member("outcome")).isEqualTo("NOT_SENT");
                assertThat(rover.protection()).isEqualTo("STOPPED");
            }
            assertThat(rover.executed(SET_POWER)).noneMatch(call -> call.at().isAfter(stopped));
            assertThat(holder.resume().status()).isEqualTo(200);
            assertThat(holder.power("m1").status()).isEqualTo(200);
            assertThat(rover.moves("m1")).isTrue();
        }
    }

    @Test
    void theHoldersOwnStopLeavesHisLeaseAsItIs() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            holder.power("m1");
            assertThat(holder.stop().member("outcome")).isEqualTo("STOPPED");
            assertThat(rover.stands()).isTrue();
            assertThat(holder.power("m1").status()).isEqualTo(200);
            assertThat(rover.moves("m1")).isTrue();
        }
    }

    @Test
    void aSingleStopByAnotherSuspendsTheLeaseToo() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            holder.power("m1");
            assertThat(rover.call("/components/motor/m1/Stop", "{}").status()).isEqualTo(200);
            assertThat(holder.power("m1").member("code")).isEqualTo("lease-stopped");
            assertThat(rover.stands()).isTrue();
        }
    }

    @Test
    void aMotionInFlightIsInterruptedByAStop() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            CompletableFuture<Answer> motion = holder.laterGoFor("m1");
            eventually("it moves", () -> rover.moves("m1"));
            assertThat(rover.stop().member("outcome")).isEqualTo("STOPPED");
            Answer cut = motion.join();
            assertThat(cut.status()).as(cut.body()).isEqualTo(409);
            assertThat(cut.member("code")).isEqualTo("call-interrupted");
            assertThat(cut.member("by")).isEqualTo("STOP");
            assertThat(cut.member("outcome")).isEqualTo("INTERRUPTED");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 1_400, 4_000})
    void aCommandThatTheMachineCarriesOutLateNeverOutlivesAStop(int millis) {
        Rover rover = fleet.rover();
        rover.machine().delay(SET_POWER, Duration.ofMillis(millis));
        neverOutlivesAStop(rover, millis, () -> !rover.came(SET_POWER).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 900, 1_100, 1_400, 1_800, 4_000})
    void aCommandThatReachesTheMachineLateNeverOutlivesAStop(int millis) {
        Rover rover = fleet.rover();
        long before = rover.machine().callsSeen();
        rover.machine().delayOnTheWay(SET_POWER, Duration.ofMillis(millis));
        neverOutlivesAStop(
                rover,
                millis,
                () -> rover.machine().callsSeen() > before
                        && rover.picture().at("/operations/inFlight").asInt() > 0);
    }

    private static void neverOutlivesAStop(Rover rover, int millis, Callable<Boolean> underWay) {
        try (Holder holder = rover.acquire()) {
            CompletableFuture<Answer> command = holder.laterPower("m1");
            eventually("the command is under way", underWay);
            Answer stop = rover.stop();
            boolean stood = rover.stands();
            String outcome = stop.json().has("stop") ? stop.member("stop/outcome") : stop.member("outcome");
            if (outcome.equals("STOPPED")) {
                assertThat(stood).as("what is said to stand: %s", stop.body()).isTrue();
                throughout(Duration.ofMillis(millis).plus(A_WHILE), "what was said to stand stands", rover::stands);
            } else {
                assertThat(outcome).as(stop.body()).isEqualTo("NOT_VERIFIED");
            }
            Answer ended = command.join();
            assertThat(ended.status()).as(ended.body()).isNotEqualTo(200);
            eventually("it stands in the end", rover::stands);
            throughout(A_WHILE, "it stands for good", rover::stands);
        }
        assertThat(rover.machine().monitoredWithoutSession()).isZero();
    }

    @Test
    void aCallThatWaitedForALeaseToEndIsNotSentAfterAStopThatCameMeanwhile() {
        Rover rover = fleet.rover();
        Holder holder = rover.acquire();
        assertThat(holder.power("m1").ok()).isTrue();
        // The end of the lease takes longer than the stop of everything.
        rover.machine().delay(MOTOR + "Stop", Duration.ofMillis(900));
        holder.falls();
        var released = fleet.sendAsync("DELETE", rover.path("/lease"), "", holder.lease());
        eventually("the lease is ending", () -> !rover.came(MOTOR + "Stop").isEmpty());
        CompletableFuture<Answer> waiting = rover.laterGoFor("m2");
        throughout(
                Duration.ofMillis(150),
                "the call waits",
                () -> rover.came(MOTOR + "GoFor").isEmpty());
        assertThat(rover.stop().member("outcome")).isEqualTo("STOPPED");
        Instant stopped = Instant.now();
        assertThat(released.join().status()).isEqualTo(200);
        assertThat(waiting.join().ok()).isFalse();
        assertThat(rover.executed(MOTOR + "GoFor")).noneMatch(call -> call.at().isAfter(stopped));
    }

    @Test
    void aNavigationThatDrivesStandsAfterAStopAndStaysSo() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            Answer driving = holder.call("/services/navigation/nav1/SetMode", "{\"mode\": \"MODE_WAYPOINT\"}");
            assertThat(driving.status()).as(driving.body()).isEqualTo(200);
            eventually("it drives", () -> rover.moves("base1"));
            Answer stop = rover.stop();
            assertThat(stop.status()).as(stop.body()).isEqualTo(200);
            assertThat(outcomes(stop)).contains("rdk:service:navigation/nav1 STOPPED");
            throughout(A_WHILE, "it stands", rover::stands);
            assertThat(rover.call("/services/navigation/nav1/GetMode", "{}").member("mode"))
                    .isEqualTo("MODE_MANUAL");
        }
    }

    @Test
    void aPlanThatIsDrivenStandsAfterAStopAndStaysSo() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            Answer driving = holder.call(
                    "/services/motion/builtin/MoveOnGlobe",
                    "{\"componentName\": \"base1\", \"destination\": {\"latitude\": 1, \"longitude\": 1}}");
            assertThat(driving.status()).as(driving.body()).isEqualTo(200);
            eventually("it drives", () -> rover.moves("base1"));
            Answer stop = rover.stop();
            assertThat(stop.status()).as(stop.body()).isEqualTo(200);
            throughout(A_WHILE, "it stands", rover::stands);
        }
    }

    @Test
    void releaseEndsWhatANavigationDrives() {
        Rover rover = fleet.rover();
        Holder holder = rover.acquire();
        holder.call("/services/navigation/nav1/SetMode", "{\"mode\": \"MODE_WAYPOINT\"}");
        eventually("it drives", () -> rover.moves("base1"));
        holder.release();
        throughout(A_WHILE, "it stands", rover::stands);
    }

    @Test
    void presenceAndStopGoOnWithEverySlotTaken() {
        Rover rover = fleet.rover("steady", "steady");
        try (Holder holder = rover.acquire()) {
            assertThat(holder.power("m2").ok()).isTrue();
            rover.machine().hang(MOTOR + "GoTo");
            rover.machine().hang("viam.robot.v1.RobotService/GetVersion");
            rover.machine().hang("viam.component.sensor.v1.SensorService/GetReadings");
            List<CompletableFuture<Answer>> hanging = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                hanging.add(holder.later(
                        "/components/motor/m1/GoTo", "{\"rpm\": 10, \"positionRevolutions\": %d}".formatted(i + 10)));
                // Equal reads would be one: these differ in how long they may take.
                String[] patience = {"Request-Timeout", (20_000 + i) + "ms"};
                hanging.add(rover.later("/rpc/viam.robot.v1.RobotService/GetVersion", "{}", patience));
                hanging.add(rover.later("/components/sensor/s1/GetReadings", "{}", patience));
            }
            eventually(
                    "all slots are taken",
                    () -> hanging.stream().filter(CompletableFuture::isDone).count() == 30 && inProgress(rover) == 150);
            assertThat(hanging.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                    .allMatch(answer -> answer.member("code").equals("machine-busy")
                            && answer.member("outcome").equals("NOT_SENT"));
            long polls =
                    rover.came("viam.robot.v1.RobotService/GetMachineStatus").size();
            throughout(STEADY.multipliedBy(3), "the session lives", () -> rover.moves("m2"));
            eventually(
                    "status is polled",
                    () -> rover.came("viam.robot.v1.RobotService/GetMachineStatus")
                                    .size()
                            > polls + 1);
            Instant asked = Instant.now();
            CompletableFuture<Answer> stop = rover.later("/stop", "");
            eventually("it stands", rover::stands);
            RecordedCall told =
                    rover.executed("viam.robot.v1.RobotService/StopAll").getFirst();
            assertThat(Duration.between(asked, told.at())).isLessThan(Duration.ofSeconds(2));
            assertThat(stop.join().status()).as(stop.join().body()).isEqualTo(200);
            rover.machine().mend();
            hanging.forEach(CompletableFuture::join);
            throughout(A_WHILE, "it stands for good", rover::stands);
        }
    }

    @Test
    void aDriverThatHangsInStopKeepsNoOtherFromStanding() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            assertThat(holder.power("m1").ok()).isTrue();
            assertThat(holder.power("m2").ok()).isTrue();
            rover.machine().hangInStop("m1");
            CompletableFuture<Answer> stop = rover.later("/stop", "");
            eventually("the other stands", () -> !rover.moves("m2"));
            Answer told = stop.join();
            assertThat(told.status()).isEqualTo(502);
            assertThat(told.member("code")).isEqualTo("stop-incomplete");
            assertThat(told.member("stop/outcome")).isEqualTo("STILL_MOVING");
            assertThat(outcomes(told))
                    .contains("rdk:component:motor/m1 STILL_MOVING", "rdk:component:base/base1 STILL_MOVING")
                    .doesNotContain("rdk:component:motor/m2 STILL_MOVING", "rdk:component:motor/m2 FAILED");
            rover.machine().mend();
            eventually("it stands once its driver works", rover::stands);
            eventually(
                    "that is shown",
                    () -> rover.picture().at("/lastStop/outcome").asString().equals("STOPPED"));
        }
    }

    @Test
    void whatStandsBesideADriverThatHangsIsSaidToStand() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            assertThat(holder.power("m1").ok()).isTrue();
            assertThat(holder.power("m2").ok()).isTrue();
            rover.machine().hangInStop("m1");
            assertThat(outcomes(rover.stop())).contains("rdk:component:motor/m2 STOPPED");
        }
    }

    @Test
    void aStopOfAMachineThatIsGoneSaysSoAndIsMadeUpForWhenItIsBack() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            assertThat(holder.power("m1").ok()).isTrue();
            rover.machine().powerOff();
            Answer told = rover.stop();
            assertThat(told.status()).isEqualTo(502);
            assertThat(told.member("stop/outcome")).isEqualTo("FAILED");
            rover.machine().powerOn();
            eventually(
                    "it is told",
                    () -> !rover.executed(MOTOR + "Stop").isEmpty()
                            || !rover.executed("viam.robot.v1.RobotService/StopAll")
                                    .isEmpty());
        }
    }

    private static long inProgress(Rover rover) {
        return rover.machine().calls().stream()
                .filter(call -> call.state() == RecordedCall.State.RUNNING)
                .count();
    }

    private static List<String> outcomes(Answer answer) {
        var report = answer.json().has("stop") ? answer.json().get("stop") : answer.json();
        return report.get("resources")
                .valueStream()
                .map(each -> each.get("resource").asString() + " "
                        + each.get("outcome").asString())
                .collect(Collectors.toList());
    }
}
