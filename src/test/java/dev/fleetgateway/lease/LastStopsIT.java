package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A gateway that ends in good order leaves nothing moving behind. */
class LastStopsIT {

    @Test
    void whatLeasesMovedIsStoppedBeforeTheGatewayEnds() {
        try (LeasedFleet fleet = LeasedFleet.of(3)) {
            Rover leased = fleet.rover();
            Rover held = fleet.rover();
            Rover inFlight = fleet.rover();
            try (Holder holder = leased.acquire();
                    Holder other = inFlight.acquire()) {
                assertThat(holder.power("m1").ok()).isTrue();
                assertThat(held.call("/components/motor/m1/SetPower?hold=5s", "{\"powerPct\": 0.5}")
                                .ok())
                        .isTrue();
                CompletableFuture<Answer> motion = other.laterGoFor("m2");
                eventually("all move", () -> leased.moves("m1") && held.moves("m1") && inFlight.moves("m2"));
                fleet.shutDownTheGateway();
                assertThat(leased.stands()).isTrue();
                assertThat(held.stands()).isTrue();
                assertThat(inFlight.stands()).isTrue();
                Answer cut = motion.join();
                assertThat(cut.member("code")).as(cut.body()).isEqualTo("call-interrupted");
                assertThat(cut.member("by")).isEqualTo("LEASE_LOST");
            }
        }
    }
}
