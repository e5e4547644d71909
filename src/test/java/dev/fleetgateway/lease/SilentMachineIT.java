package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static dev.fleetgateway.lease.LeasedFleet.throughout;
import static dev.fleetgateway.lease.Rover.MOTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a caller who is there is told when his machine is not, and while the gateway itself stops what had moved. */
class SilentMachineIT {

    private static final String SET_POWER = MOTOR + "SetPower";
    private static final String GO_FOR = MOTOR + "GoFor";
    private static final String STOP = MOTOR + "Stop";

    /** A stop takes so much longer, so that a command comes while it goes on. */
    private static final Duration SLOW = Duration.ofMillis(400);

    private static LeasedFleet fleet;

    @BeforeAll
    static void start() {
        fleet = LeasedFleet.of(12);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    private static CompletableFuture<Answer> goFor(Rover rover, Holder holder, String timeout) {
        return rover.laterGoFor("m1", "Gateway-Lease", holder.id(), "Request-Timeout", timeout);
    }

    private static void isToldThatNobodyKnows(Answer told) {
        assertThat(told.member("code")).as(told.body()).isIn("call-timeout", "connection-lost");
        assertThat(told.status()).isEqualTo(told.member("code").equals("call-timeout") ? 504 : 502);
        assertThat(told.member("outcome")).isEqualTo("UNKNOWN");
        assertThat(told.status() == 502 || told.json().has("stop"))
                .as(told.body())
                .isTrue();
    }

    @Test
    void whoseMachineFallsSilentIsToldThatNobodyKnowsAndNotThatHeHasGone() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            CompletableFuture<Answer> motion = goFor(rover, holder, "2s");
            eventually("it moves", () -> rover.moves("m1"));
            rover.machine().halfOpen();
            isToldThatNobodyKnows(motion.join());
            assertThat(motion.join().member("by")).isEqualTo("LEASE_LOST");
            rover.machine().mend();
            rover.awaitReady();
            throughout(
                    Duration.ofSeconds(1),
                    "it is not sent again",
                    () -> rover.came(GO_FOR).size() == 1);
            eventually("it stands", rover::stands);
        }
    }

    @Test
    void whoseLeaseEndsWhileItsMachineIsSilentIsToldThatNobodyKnows() {
        Rover rover = fleet.rover();
        Holder holder = rover.acquire();
        CompletableFuture<Answer> motion = goFor(rover, holder, "3s");
        eventually("it moves", () -> rover.moves("m1"));
        holder.falls();
        rover.machine().halfOpen();
        isToldThatNobodyKnows(motion.join());
    }

    @Test
    void whoseCallHangsWhileANewerOneMovesTheSameIsToldThatNobodyKnows() {
        Rover rover = fleet.rover();
        rover.machine().hang(GO_FOR);
        try (Holder holder = rover.acquire()) {
            CompletableFuture<Answer> motion = goFor(rover, holder, "1s");
            eventually("it has come", () -> !rover.came(GO_FOR).isEmpty());
            assertThat(holder.power("m1").ok()).isTrue();
            Answer told = motion.join();
            isToldThatNobodyKnows(told);
            assertThat(told.member("by")).isEqualTo("REPLACED");
            assertThat(rover.executed(GO_FOR)).isEmpty();
        }
    }

    private static void mayBeTriedAgain(Answer refused) {
        assertThat(refused.status()).as(refused.body()).isEqualTo(503);
        assertThat(refused.member("code")).isEqualTo("resource-unavailable");
        assertThat(refused.member("outcome")).isEqualTo("NOT_SENT");
        assertThat(refused.json().get("retryable").asBoolean()).isTrue();
        assertThat(refused.header("Retry-After")).isNotEmpty();
    }

    @Test
    void aCommandWhileTheGatewayStopsAnEarlierMotionMayBeTriedAgain() {
        Rover rover = fleet.rover();
        rover.machine().delay(STOP, SLOW);
        try (Holder holder = rover.acquire()) {
            CompletableFuture<Answer> motion = goFor(rover, holder, "300ms");
            eventually("it is being stopped", () -> !rover.came(STOP).isEmpty());
            mayBeTriedAgain(holder.power("m1"));
            assertThat(rover.protection()).isEqualTo("ACTIVE");
            assertThat(motion.join().member("code")).isEqualTo("call-timeout");
            assertThat(holder.power("m1").ok()).isTrue();
            assertThat(rover.executed(SET_POWER)).hasSize(1);
        }
    }

    @Test
    void aCommandWithoutALeaseWhileTheGatewayStopsWhatLingersMayBeTriedAgain() {
        Rover rover = fleet.rover();
        rover.machine().linger("m1", Duration.ofSeconds(10));
        rover.machine().delay(STOP, SLOW);
        CompletableFuture<Answer> motion =
                rover.later("/components/motor/m1/GoFor", "{\"rpm\": 600, \"revolutions\": 0.5}");
        eventually("it is being stopped", () -> !rover.came(STOP).isEmpty());
        mayBeTriedAgain(rover.laterGoFor("m1").join());
        assertThat(motion.join().member("by")).isEqualTo("LINGER");
        assertThat(rover.came(GO_FOR)).hasSize(1);
    }

    @Test
    void aJoystickOverAConnectionThatFallsSilentNeedsNoResume() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            String[] hasty = {"Gateway-Lease", holder.id(), "Request-Timeout", "1s"};
            List<Answer> answers;
            try (var joystick = fleet.every(Duration.ofMillis(100), () -> rover.laterPower("m1", hasty))) {
                eventually("it moves", () -> rover.moves("m1"));
                rover.machine().halfOpen();
                eventually(
                        "it is away",
                        () -> !rover.picture()
                                .at("/connection/state")
                                .asString()
                                .equals("READY"));
                assertThat(rover.stands()).as("what nobody hears of stands").isTrue();
                rover.machine().mend();
                rover.machine().delay(STOP, SLOW);
                eventually("it moves again", () -> rover.moves("m1"));
                answers = joystick.answers();
            }
            assertThat(answers)
                    .noneMatch(answer -> answer.status() == 499)
                    .noneMatch(answer -> answer.member("code").equals("lease-stopped"))
                    .noneMatch(answer -> answer.member("outcome").equals("NOT_SENT")
                            && answer.member("by").equals("STOP"));
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 503)
                    .isNotEmpty()
                    .allMatch(answer -> answer.json().get("retryable").asBoolean()
                            && !answer.header("Retry-After").isEmpty());
        }
        assertThat(rover.machine().monitoredWithoutSession()).isZero();
    }

    /** Whoever repeats what is 503 by himself must not undo what a person did. */
    @Test
    void aCommandWhileItsHolderStopsTheMachineIsNotForRepeating() {
        Rover rover = fleet.rover();
        rover.machine().delay(STOP, SLOW);
        try (Holder holder = rover.acquire()) {
            assertThat(holder.power("m1").ok()).isTrue();
            CompletableFuture<Answer> stop = rover.later("/stop", "", holder.lease());
            eventually("it is being stopped", () -> !rover.came(STOP).isEmpty());
            Answer refused = holder.power("m1");
            assertThat(refused.status()).as(refused.body()).isEqualTo(409);
            assertThat(refused.member("code")).isEqualTo("lease-stopped");
            assertThat(stop.join().member("outcome")).isEqualTo("STOPPED");
            assertThat(holder.power("m1").ok()).isTrue();
        }
    }
}
