package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static dev.fleetgateway.lease.LeasedFleet.throughout;
import static dev.fleetgateway.lease.Rover.MOTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a caller who is there is told when his machine is not. */
class SilentMachineIT {

    private static final String GO_FOR = MOTOR + "GoFor";

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
}
