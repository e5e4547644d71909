package dev.fleetgateway.connection.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.connection.WebRtcSettings;
import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RenewalsTests {

    private static final WebRtcSettings SETTINGS = new WebRtcSettings(10, 60);

    private final FakeTime time = new FakeTime();
    private final Budget budget = new Budget(SETTINGS, time);
    private final Renewals renewals = new Renewals(SETTINGS, budget, time);
    private final List<Renewals.Renewal> fleet =
            Stream.generate(renewals::renewal).limit(100).toList();

    private long granted() {
        return fleet.stream().filter(Renewals.Renewal::granted).count();
    }

    @Test
    void aFleetIsRenewedOneAfterAnotherAtHalfTheRateOfDials() {
        assertThat(granted()).isEqualTo(1);
        assertThat(granted()).isEqualTo(1);
        for (int i = 0; i < 30; i++) {
            time.advance(Duration.ofSeconds(2));
            granted();
        }
        assertThat(granted()).as("after a minute").isEqualTo(31);
    }

    @Test
    void whatWasNotAskedForDoesNotAddUp() {
        time.advance(Duration.ofHours(1));
        assertThat(granted()).isEqualTo(1);
    }

    @Test
    void aGrantIsForOneDialAndHasToBeGivenAgain() {
        Renewals.Renewal one = fleet.getFirst();
        assertThat(one.granted()).isTrue();
        time.advance(Renewals.GRANT.minusSeconds(1));
        assertThat(one.granted()).isTrue();
        assertThat(fleet.getLast().granted()).isTrue();
        time.advance(Duration.ofSeconds(1));
        assertThat(one.granted()).as("another has had its turn just now").isFalse();
        time.advance(Duration.ofSeconds(1));
        assertThat(one.granted()).isTrue();
    }

    @Test
    void noneIsGrantedWhileTheDialsAreNeededForMachinesThatAreLost() {
        for (int i = 0; i < 6; i++) {
            assertThat(budget.take()).isTrue();
        }
        assertThat(granted()).isZero();
        time.advance(Duration.ofSeconds(1));
        assertThat(granted()).isEqualTo(1);
    }
}
