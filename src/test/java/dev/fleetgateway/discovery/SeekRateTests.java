package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SeekRateTests {

    private final FakeTime time = new FakeTime();
    private final SeekRate rate = new SeekRate(time);

    @Test
    void aNameIsAskedForOnceInAWhile() {
        assertThat(rate.permits("rover")).isTrue();
        assertThat(rate.permits("rover")).isFalse();
        assertThat(rate.permits("other")).isTrue();

        time.advance(SeekRate.EACH);
        assertThat(rate.permits("rover")).isTrue();
    }

    @Test
    void soManyNamesAreAskedForInASecond() {
        for (int i = 0; i < SeekRate.PER_SECOND; i++) {
            assertThat(rate.permits("rover" + i)).isTrue();
        }
        assertThat(rate.permits("late")).isFalse();

        time.advance(Duration.ofSeconds(1));
        assertThat(rate.permits("late")).isTrue();
    }
}
