package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static dev.fleetgateway.lease.Rover.MOTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import dev.fleetgateway.simulator.RecordedCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller without a lease may move, and for how long. */
class UnleasedMotionIT {

    private static LeasedFleet fleet;

    @BeforeAll
    static void start() {
        fleet = LeasedFleet.of(15);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void aMotionThatOutlastsItsAnswerNeedsALease() {
        Rover rover = fleet.rover();
        Answer refused = rover.power("m1");
        assertThat(refused.status()).isEqualTo(428);
        assertThat(refused.member("code")).isEqualTo("lease-required");
        assertThat(refused.member("outcome")).isEqualTo("NOT_SENT");
        assertThat(rover.came(MOTOR + "SetPower")).isEmpty();
    }

    @Test
    void aHeldMotionIsAnsweredAtOnceAndStoppedAtItsEnd() {
        Rover rover = fleet.rover();
        Answer held = rover.call("/components/motor/m1/SetPower?hold=1500ms", "{\"powerPct\": 0.5}");
        assertThat(held.status()).as(held.body()).isEqualTo(200);
        Instant until = Instant.parse(held.header("Gateway-Hold-Until"));
        assertThat(rover.moves("m1")).isTrue();
        eventually("it is stopped", () -> rover.lastStop().equals("HOLD_ENDED"));
        assertThat(rover.stands()).isTrue();
        assertThat(rover.picture().at("/lastStop/outcome").asString()).isEqualTo("STOPPED");
        RecordedCall stop = rover.executed(MOTOR + "Stop").getFirst();
        assertThat(stop.at()).isAfter(until.minusMillis(50));
        eventually("nobody holds it", () -> rover.picture().get("lease").isNull());
        // Each such call would be two entries of its history.
        assertThat(rover.history("LEASE")).isEqualTo("FREE");
    }

    @Test
    void aCallerWhoHangsUpIsSeenAndWhatHeMovedStands() throws IOException {
        Rover rover = fleet.rover();
        String body = "{\"rpm\": 10, \"revolutions\": 1000}";
        try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), fleet.port())) {
            caller.getOutputStream()
                    .write(("POST " + rover.path("/components/motor/m1/GoFor") + " HTTP/1.1\r\nHost: 127.0.0.1:"
                                    + fleet.port() + "\r\nContent-Type: application/json\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            eventually("it moves", () -> rover.moves("m1"));
        }
        eventually("he is seen to be gone", () -> rover.lastStop().equals("CANCEL"));
        assertThat(rover.stands()).isTrue();
        eventually("nobody holds it", () -> rover.picture().get("lease").isNull());
    }

    @Test
    void aLongerHoldThanAllowedIsRefused() {
        Rover rover = fleet.rover();
        Answer refused = rover.call("/components/motor/m1/SetPower?hold=6s", "{\"powerPct\": 0.5}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.member("field")).isEqualTo("hold");
        assertThat(rover.came(MOTOR + "SetPower")).isEmpty();
    }

    @Test
    void aHoldThatIsRenewedGoesOn() {
        Rover rover = fleet.rover();
        try (var _ = fleet.every(
                Duration.ofMillis(300),
                () -> rover.later("/components/motor/m1/SetPower?hold=2s", "{\"powerPct\": 0.5}"))) {
            eventually("it moves", () -> rover.moves("m1"));
            LeasedFleet.throughout(Duration.ofSeconds(4), "it keeps its power", () -> rover.moves("m1"));
        }
        eventually("it is stopped", rover::stands);
    }

    @Test
    void aHeldMotionThatALaterCallTakesOverEndsWithThatCall() {
        Rover rover = fleet.rover();
        assertThat(rover.call("/components/motor/m1/SetPower?hold=500ms", "{\"powerPct\": 0.5}")
                        .ok())
                .isTrue();
        assertThat(rover.laterGoFor("m1").join().member("by")).isEqualTo("UNLEASED_LIMIT");
        assertThat(rover.stands()).isTrue();
        eventually("nobody holds it", () -> rover.picture().get("lease").isNull());
    }

    @Test
    void aMotionWithoutALeaseIsStoppedAtTheLimit() {
        Rover rover = fleet.rover();
        Answer cut = rover.laterGoFor("m1").join();
        assertThat(cut.status()).as(cut.body()).isEqualTo(409);
        assertThat(cut.member("code")).isEqualTo("call-interrupted");
        assertThat(cut.member("by")).isEqualTo("UNLEASED_LIMIT");
        assertThat(cut.member("outcome")).isEqualTo("INTERRUPTED");
        assertThat(cut.member("stop/outcome")).isEqualTo("STOPPED");
        assertThat(cut.json().at("/stop/resources/0/resource").asString()).isEqualTo("rdk:component:motor/m1");
        assertThat(rover.stands()).isTrue();
    }

    @Test
    void aMotionThatEndsByItselfInTimeIsDone() {
        Rover rover = fleet.rover();
        Answer done = rover.call("/components/motor/m1/GoFor", "{\"rpm\": 100, \"revolutions\": 0.5}");
        assertThat(done.status()).as(done.body()).isEqualTo(200);
        assertThat(rover.stands()).isTrue();
        eventually("nobody holds it", () -> rover.picture().get("lease").isNull());
    }

    @Test
    void aDriverThatAnswersEarlyIsWaitedFor() {
        Rover rover = fleet.rover();
        rover.machine().linger("m1", Duration.ofMillis(400));
        Answer done = rover.laterGoFor("m1").join();
        assertThat(done.status()).as(done.body()).isEqualTo(200);
        assertThat(rover.stands()).isTrue();
    }

    @Test
    void aDriverThatAnswersEarlyAndGoesOnIsStopped() {
        Rover rover = fleet.rover();
        rover.machine().linger("m1", Duration.ofMinutes(1));
        Answer cut = rover.laterGoFor("m1").join();
        assertThat(cut.status()).as(cut.body()).isEqualTo(409);
        assertThat(cut.member("by")).isEqualTo("LINGER");
        assertThat(cut.member("outcome")).isEqualTo("INTERRUPTED");
        assertThat(cut.member("stop/outcome")).isEqualTo("STOPPED");
        assertThat(rover.stands()).isTrue();
    }

    @Test
    void aStopHoldsAgainstACallerWithoutALeaseUntilHeIsSilent() {
        Rover rover = fleet.rover();
        Instant stopped;
        try (var joystick = fleet.every(
                Duration.ofMillis(50),
                () -> rover.later("/components/motor/m1/SetPower?hold=2s", "{\"powerPct\": 0.5}"))) {
            eventually("it moves", () -> rover.moves("m1"));
            Answer stop = rover.stop();
            assertThat(stop.member("outcome")).as(stop.body()).isEqualTo("STOPPED");
            stopped = Instant.now();
            LeasedFleet.throughout(Duration.ofSeconds(3), "it stands", rover::stands);
            assertThat(joystick.answers().getLast().member("code")).isEqualTo("lease-stopped");
        }
        assertThat(rover.executed(MOTOR + "SetPower"))
                .noneMatch(call -> call.at().isAfter(stopped));
        eventually(
                "it can be moved again",
                () -> rover.call("/components/motor/m1/GoFor", "{\"rpm\": 100, \"revolutions\": 0.1}")
                                .ok()
                        || pause());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/services/navigation/nav1/SetMode {\"mode\": \"MODE_WAYPOINT\"}",
                "/services/motion/builtin/MoveOnGlobe {\"componentName\": \"base1\", \"destination\": {\"latitude\": 1}}"
            })
    void whatAServiceDrivesDoesNotOutliveACallWithoutALease(String call) {
        Rover rover = fleet.rover();
        String[] parts = call.split(" ", 2);
        var _ = rover.call(parts[0], parts[1]);
        eventually("it stands", rover::stands);
        LeasedFleet.throughout(Duration.ofSeconds(1), "it stands for good", rover::stands);
    }

    @Test
    void anotherHoldersMachineIsNotMovedWithoutHisLease() {
        Rover rover = fleet.rover();
        try (Holder holder = rover.acquire()) {
            assertThat(holder.power("m1").ok()).isTrue();
            CompletableFuture<Answer> other = rover.laterGoFor("m2");
            assertThat(other.join().status()).isEqualTo(409);
            assertThat(other.join().member("code")).isEqualTo("lease-held");
            assertThat(other.join().member("holder")).isEqualTo("anonymous");
            assertThat(Instant.parse(other.join().member("expiresAt"))).isAfter(Instant.now());
            assertThat(rover.came(MOTOR + "GoFor")).isEmpty();
            assertThat(rover.moves("m1")).isTrue();
        }
    }

    /** Whoever was stopped must be silent for two seconds, so he asks no more often. */
    private static boolean pause() {
        LockSupport.parkNanos(Duration.ofMillis(2_100).toNanos());
        return false;
    }
}
