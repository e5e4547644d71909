package dev.fleetgateway.time;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeTimeTest {

    private final FakeTime time = new FakeTime();

    @Test
    void timersRunInTheOrderOfTheirTimeAndAtTheirTime() {
        List<String> seen = new ArrayList<>();
        time.after(ofSeconds(2), () -> seen.add("late at " + time.nanos() / 1_000_000_000));
        time.after(ofSeconds(1), () -> seen.add("early at " + time.nanos() / 1_000_000_000));
        time.advance(ofSeconds(3));
        assertThat(seen).containsExactly("early at 1", "late at 2");
        assertThat(time.nanos()).isEqualTo(ofSeconds(3).toNanos());
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void aTimerSetByATimerRunsInTheSameStepIfItFallsIntoIt() {
        List<Long> seen = new ArrayList<>();
        time.after(ofSeconds(1), () -> time.after(ofSeconds(1), () -> seen.add(time.nanos())));
        time.advance(ofSeconds(2));
        assertThat(seen).containsExactly(ofSeconds(2).toNanos());
    }

    @Test
    void aCancelledTimerIsGone() {
        Time.Timer timer = time.after(ofSeconds(1), () -> {
            throw new AssertionError("cancelled");
        });
        assertThat(time.pendingTimers()).containsExactly(ofSeconds(1));
        timer.cancel();
        assertThat(time.pendingTimers()).isEmpty();
        time.advance(ofSeconds(2));
    }

    @Test
    void whatBecameDueWhileAllStoodStillRunsAfterwards() {
        List<Duration> seen = new ArrayList<>();
        time.after(ofSeconds(1), () -> seen.add(Duration.ofNanos(time.nanos())));
        time.standStill(ofSeconds(5));
        assertThat(seen).isEmpty();
        assertThat(time.now()).isEqualTo(new FakeTime().now().plusSeconds(5));
        time.advance(Duration.ZERO);
        assertThat(seen).containsExactly(ofSeconds(5));
    }

    @Test
    void aComputerThatSleptShowsItOnTheWallClockAlone() {
        time.sleep(ofSeconds(5));
        assertThat(time.nanos()).isZero();
        assertThat(time.now()).isEqualTo(new FakeTime().now().plusSeconds(5));
    }
}
