package dev.fleetgateway.connection.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.connection.WebRtcSettings;
import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetTests {

    private final FakeTime time = new FakeTime();
    private final Budget budget = new Budget(new WebRtcSettings(3, 60), time);

    @Test
    void aBurstIsThereAtOnceAndThenOneASecond() {
        assertThat(taken(5)).isEqualTo(3);

        time.advance(Duration.ofMillis(999));
        assertThat(taken(5)).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(taken(5)).isEqualTo(1);
        time.advance(Duration.ofMillis(1_500));
        assertThat(taken(5)).isEqualTo(1);
        time.advance(Duration.ofMillis(500));
        assertThat(taken(5)).isEqualTo(1);
    }

    @Test
    void whatIsNotUsedDoesNotGrowBeyondTheBurst() {
        time.advance(Duration.ofDays(100));
        assertThat(taken(5)).isEqualTo(3);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgainButNeverMoreThanTheBurst() {
        assertThat(taken(5)).isEqualTo(3);
        budget.giveBack();
        assertThat(taken(5)).isEqualTo(1);

        time.advance(Duration.ofDays(1));
        budget.giveBack();
        assertThat(taken(5)).isEqualTo(3);
    }

    private int taken(int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            if (budget.take()) {
                taken++;
            }
        }
        return taken;
    }
}
