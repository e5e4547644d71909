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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From one holder to the next, and what becomes of a lease when the machine goes through something. */
class LeaseIT {

    private static final String SET_POWER = MOTOR + "SetPower";
    private static final String BEAT = "viam.robot.v1.RobotService/SendSessionHeartbeat";

    private static LeasedFleet fleet;

    @BeforeAll
    static void start() {
        List<MachineSpec> machines = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            machines.add(LeasedFleet.spec("m-" + i));
        }
        machines.add(LeasedFleet.spec("window-500").withWindow(Duration.ofMillis(500)));
        machines.add(LeasedFleet.spec("window-2000").withWindow(Duration.ofSeconds(2)));
        machines.add(LeasedFleet.spec("janus").inCloud().withSecondPort());
        fleet = LeasedFleet.of(
                machines,
                "gateway.machines.janus-too.address={janus}",
                "gateway.machines.janus-too.tls.mode=PLAINTEXT");
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void aMachineHasOneHolderAtATime() {
        Rover rover = fleet.rover();
        try (Holder first = rover.acquire()) {
            Answer refused = rover.askForLease(Duration.ofSeconds(2));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.member("code")).isEqualTo("lease-held");
            first.release();
        }
        Answer second = rover.askForLease(Duration.ofSeconds(2));
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json().get("sequence").asInt()).isEqualTo(2);
        assertThat(second.member("protection")).isEqualTo("ACTIVE");
    }

    @Test
    void aTakeOverStopsTheOldMotionFirst() {
        Rover rover = fleet.rover();
        try (Holder old = rover.acquire()) {
            assertThat(old.power("m1").ok()).isTrue();
            CompletableFuture<Answer> motion = old.laterGoFor("m2");
            eventually("it moves", () -> rover.moves("m2"));
            Answer taken = rover.call("/lease/take", "{\"reason\": \"too fast\"}");
            boolean stood = rover.stands();
            assertThat(taken.status()).as(taken.body()).isEqualTo(201);
            assertThat(stood).isTrue();
            assertThat(taken.member("stop/outcome")).isEqualTo("STOPPED");
            assertThat(motion.join().member("by")).isEqualTo("LEASE_TAKEN");
            Answer stale = old.power("m1");
            assertThat(stale.status()).isEqualTo(409);
            assertThat(stale.member("code")).isEqualTo("lease-stale");
            assertThat(old.renew().member("code")).isEqualTo("lease-stale");
            try (Holder mine = new Holder(rover, taken.member("id"), Duration.ofSeconds(2))) {
                assertThat(mine.power("m1").ok()).isTrue();
                assertThat(rover.moves("m1")).isTrue();
            }
        }
    }

    @Test
    void whoIsNotHeardOfLosesHisLeaseAndItsMotionIsStopped() {
        Rover rover = fleet.rover();
        Holder holder = rover.acquire();
        assertThat(holder.power("m1").ok()).isTrue();
        CompletableFuture<Answer> motion = holder.laterGoFor("m2");
        eventually("it moves", () -> rover.moves("m2"));
        holder.falls();
        Instant silent = Instant.now();
        eventually("it is stopped", rover::stands);
        Instant stopped = rover.executed(MOTOR + "Stop").getFirst().at();
        assertThat(Duration.between(silent, stopped)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
        assertThat(motion.join().member("by")).isEqualTo("LEASE_LOST");
        eventually("it is told", () -> rover.lastStop().equals("EXPIRED"));
        assertThat(holder.power("m1").member("code")).isEqualTo("lease-lost");
        int beats = rover.came(BEAT).size();
        throughout(
                LeasedFleet.WINDOW.multipliedBy(2),
                "nothing is beaten",
                () -> rover.came(BEAT).size() == beats);
        assertThat(rover.picture().get("lease").isNull()).isTrue();
    }

    @Test
    void aCallInFlightDoesNotRenewALease() {
        Rover rover = fleet.rover();
        Holder holder = rover.acquire();
        CompletableFuture<Answer> motion = holder.laterGoFor("m1");
        holder.falls();
        Answer cut = motion.join();
        assertThat(cut.member("code")).as(cut.body()).isEqualTo("call-interrupted");
        assertThat(cut.member("by")).isEqualTo("LEASE_LOST");
        assertThat(cut.member("outcome")).isEqualTo("INTERRUPTED");
        eventually("it stands", rover::stands);
    }

    @Test
    void callsAloneAreAHoldersPresence() {
        Rover rover = fleet.rover();
        Holder holder = rover.acquire();
        holder.falls();
        try (var _ = fleet.every(Duration.ofMillis(200), () -> holder.laterPower("m1"))) {
            eventually("it moves", () -> rover.moves("m1"));
            throughout(Duration.ofSeconds(5), "it goes on", () -> rover.moves("m1"));
        }
        eventually("it is stopped", rover::stands);
    }

    @Test
    void aReleaseStopsWhatTheLeaseMoved() {
        Rover rover = fleet.rover();
        Holder holder = rover.acquire();
        assertThat(holder.power("m1").ok()).isTrue();
        Answer released = holder.release();
        assertThat(rover.stands()).isTrue();
        assertThat(released.member("stop/outcome")).isEqualTo("STOPPED");
        assertThat(released.json().at("/stop/resources/0/resource").asString()).isEqualTo("rdk:component:motor/m1");
        assertThat(holder.power("m1").member("code")).isEqualTo("lease-lost");
        assertThat(rover.lastStop()).isEqualTo("RELEASED");
    }

    @Test
    void aReleaseAfterAServicesOwnMotionIsNoFailure() {
        Rover rover = fleet.rover();
        Holder holder = rover.acquire();
        Answer moved = holder.call(
                "/services/motion/builtin/Move",
                "{\"componentName\": \"arm1\", \"destination\": {\"pose\": {\"x\": 20}}}");
        assertThat(moved.status()).as(moved.body()).isEqualTo(200);
        Answer released = holder.release();
        assertThat(released.member("stop/outcome")).as(released.body()).isIn("STOPPED", "NOT_VERIFIED");
    }

    @Test
    void anIdThatNobodyGaveOrThatIsOfAnotherMachineIsUnknown() {
        Rover rover = fleet.rover();
        Rover other = fleet.rover();
        try (Holder elsewhere = other.acquire()) {
            for (String id : new String[] {"guessed", elsewhere.id()}) {
                Answer refused = rover.power("m1", "Gateway-Lease", id);
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.member("code")).isEqualTo("lease-unknown");
                assertThat(refused.member("outcome")).isEqualTo("NOT_SENT");
            }
            assertThat(rover.came(SET_POWER)).isEmpty();
            assertThat(other.came(SET_POWER)).isEmpty();
        }
    }

    /** A session that was left to die would stop the wheel that it moved once, whoever drives it now. */
    @ParameterizedTest
    @ValueSource(ints = {500, 2_000})
    void theNextHolderDrivesABaseOnMotorsThatTheLastOneMoved(int window) {
        Rover rover = fleet.rover("window-" + window, "window-" + window);
        Holder first = rover.acquire();
        assertThat(first.power("m1").ok()).isTrue();
        first.release();
        try (Holder second = rover.acquire()) {
            Answer driven = second.call("/components/base/base1/SetPower", "{\"linear\": {\"y\": 0.5}}");
            assertThat(driven.status()).as(driven.body()).isEqualTo(200);
            String sid = rover.machine().protector("base1").orElseThrow();
            throughout(
                    Duration.ofMillis(window * 3L), "both wheels turn", () -> rover.moves("m1") && rover.moves("m2"));
            assertThat(rover.machine().protector("base1")).contains(sid);
            rover.machine().protector("m1").ifPresent(of -> assertThat(of).isEqualTo(sid));
        }
    }

    @Test
    void twoNamesOfOneMachineShareItsLease() {
        Rover janus = fleet.rover("janus", "janus");
        Rover too = fleet.rover("janus", "janus-too");
        assertThat(janus.picture().at("/sameAs/0").asString()).isEqualTo("janus-too");
        assertThat(too.picture().at("/sameAs/0").asString()).isEqualTo("janus");
        try (Holder holder = janus.acquire()) {
            assertThat(too.askForLease(Duration.ofSeconds(2)).member("code")).isEqualTo("lease-held");
            assertThat(too.laterGoFor("m1").join().member("code")).isEqualTo("lease-held");
            assertThat(too.picture().at("/lease/holder").asString()).isEqualTo("anonymous");
            assertThat(too.power("m1", holder.lease()).ok()).isTrue();
            assertThat(holder.power("m2").ok()).isTrue();
            assertThat(too.stop().member("outcome")).isEqualTo("STOPPED");
            assertThat(holder.power("m1").member("code")).isEqualTo("lease-stopped");
            assertThat(janus.lastStop()).isEqualTo("STOP");
            assertThat(too.lastStop()).isEqualTo("STOP");
        }
        assertThat(janus.executed(SET_POWER).stream()
                        .map(call -> call.sid().orElseThrow())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void aMachineThatRestartsUnderALeaseIsMovedAgainOnlyByItsHolder() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            assertThat(holder.power("m1").ok()).isTrue();
            rover.machine().restart();
            eventually("it is protected anew", () -> rover.protection().equals("RESTARTED"));
            rover.awaitReady();
            throughout(Duration.ofSeconds(1), "nothing is sent again", rover::stands);
            assertThat(rover.executed(SET_POWER)).hasSize(1);
            eventually("it is moved again", () -> holder.power("m1").ok());
            assertThat(rover.moves("m1")).isTrue();
            assertThat(rover.protection()).isEqualTo("ACTIVE");
            throughout(LeasedFleet.WINDOW.multipliedBy(3), "it goes on", () -> rover.moves("m1"));
        }
        assertThat(rover.machine().monitoredWithoutSession()).isZero();
    }

    @Test
    void aLeaseIsRestartedUntilACommandSucceedsInTheNewSession() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            assertThat(holder.power("m1").ok()).isTrue();
            rover.machine().restart();
            eventually("it is protected anew", () -> rover.protection().equals("RESTARTED"));
            rover.awaitReady();
            assertThat(holder.power("no-motor").status()).isEqualTo(404);
            assertThat(rover.protection()).as("after one that was refused").isEqualTo("RESTARTED");
            rover.machine().hang(SET_POWER);
            String[] hasty = {"Gateway-Lease", holder.id(), "Request-Timeout", "500ms"};
            CompletableFuture<Answer> hanging = rover.laterPower("m1", hasty);
            eventually("it is under way", () -> rover.came(SET_POWER).size() > 2);
            assertThat(rover.protection()).as("while one is under way").isEqualTo("RESTARTED");
            assertThat(hanging.join().member("code")).isEqualTo("call-timeout");
            assertThat(rover.protection()).as("after one that failed").isEqualTo("RESTARTED");
            rover.machine().mend();
            assertThat(holder.power("m1").ok()).isTrue();
            assertThat(rover.protection()).isEqualTo("ACTIVE");
        }
    }

    @Test
    void aCallWhoseMachineRestartsIsOfUnknownFateAndStandsInTheEnd() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            CompletableFuture<Answer> motion = holder.laterGoFor("m1");
            eventually("it moves", () -> rover.moves("m1"));
            rover.machine().restart();
            Answer lost = motion.join();
            assertThat(lost.status()).as(lost.body()).isIn(502, 409);
            assertThat(lost.member("outcome")).isEqualTo("UNKNOWN");
            rover.awaitReady();
            assertThat(rover.executed(MOTOR + "GoFor")).hasSize(1);
            eventually("it is told to stop", () -> !rover.came(MOTOR + "Stop").isEmpty());
            assertThat(rover.stands()).isTrue();
        }
    }

    @Test
    void whatMayStillMoveIsStoppedOnceTheMachineHasItsResourcesAgain() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            CompletableFuture<Answer> motion = holder.laterGoFor("m1");
            eventually("it moves", () -> rover.moves("m1"));
            rover.machine().restart();
            assertThat(motion.join().member("outcome")).isEqualTo("UNKNOWN");
            rover.awaitReady();
            eventually("it is stopped", () -> !rover.executed(MOTOR + "Stop").isEmpty());
        }
    }

    @Test
    void aSessionThatTheMachineHasLostIsBegunAnewAndNothingIsSentTwice() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            List<Answer> answers;
            try (var joystick = fleet.every(Duration.ofMillis(150), () -> holder.laterPower("m1"))) {
                eventually("it moves", () -> rover.moves("m1"));
                for (int i = 0; i < 3; i++) {
                    rover.machine().missHeartbeats();
                    // Commands are heartbeats too, so they are kept away for as long.
                    rover.machine().delayOnTheWay(SET_POWER, LeasedFleet.WINDOW.multipliedBy(3));
                    eventually("the machine has stopped it", () -> !rover.moves("m1"));
                    rover.machine().mend();
                    eventually("it moves again", () -> rover.moves("m1"));
                }
                answers = joystick.answers();
            }
            assertThat(answers)
                    .allMatch(answer -> answer.ok()
                            || answer.status() == 409
                            || answer.member("outcome").equals("NOT_SENT"));
        }
        nothingIsExecutedTwice(rover);
        assertThat(rover.machine().monitoredWithoutSession()).isZero();
    }

    private static void nothingIsExecutedTwice(Rover rover) {
        Map<String, List<RecordedCall>> sent = new HashMap<>();
        rover.came(SET_POWER).forEach(call -> {
            if (!call.opid().isEmpty()) {
                sent.computeIfAbsent(call.opid(), _ -> new ArrayList<>()).add(call);
            }
        });
        assertThat(sent).allSatisfy((_, calls) -> assertThat(calls).hasSize(1));
        Set<String> sessions = new HashSet<>();
        rover.executed(SET_POWER).forEach(call -> sessions.add(call.sid().orElseThrow()));
        assertThat(sessions.size()).isGreaterThan(1);
    }

    @Test
    void aLeaseOfAMachineThatIsGoneIsNotGiven() {
        Rover rover = fleet.rover();
        rover.machine().powerOff();
        eventually(
                "it is seen to be gone",
                () -> !rover.picture().at("/connection/state").asString().equals("READY"));
        Answer refused = rover.askForLease(Duration.ofSeconds(2));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.member("outcome")).isEqualTo("NOT_SENT");
        assertThat(refused.header("Retry-After")).isNotEmpty();
    }

    @Test
    void aLeaseThatCannotBeOpenedIsHeldByNobody() {
        Rover rover = fleet.rover();
        rover.machine().hang("viam.robot.v1.RobotService/StartSession");
        CompletableFuture<Answer> asked = rover.later("/lease", "{}");
        eventually(
                "it is being opened",
                () -> !rover.came("viam.robot.v1.RobotService/StartSession").isEmpty());
        rover.machine().restart();
        rover.machine().mend();
        assertThat(asked.join().status()).isIn(201, 503);
        eventually("nobody holds it", () -> rover.picture().get("lease").isNull());
    }

    @Test
    void aWindowBelowOrAboveTheBoundsIsRefused() {
        Rover rover = fleet.rover();
        for (Duration window : List.of(Duration.ofMillis(499), Duration.ofMillis(10_001))) {
            Answer refused = rover.askForLease(window);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.member("field")).isEqualTo("windowMillis");
        }
    }
}
