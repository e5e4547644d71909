package dev.fleetgateway.lease;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PulseTests {

    private final FakeTime time = new FakeTime();
    private final List<Duration> told = new ArrayList<>();
    private Optional<Duration> patience = Optional.of(ofMillis(500));
    private final Pulse pulse = new Pulse(time, () -> patience, told::add);

    @AfterEach
    void noTimerIsLeftWhenItHasStopped() {
        pulse.stop();
        time.advance(ofMillis(100));
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void timersThatComeByInTimeAreNoStandstill() {
        pulse.start();
        time.advance(ofSeconds(60));
        assertThat(told).isEmpty();
        assertThat(time.pendingTimers()).containsExactly(ofMillis(100));
    }

    @Test
    void aStandstillLongerThanSomebodyWaitsIsToldOnce() {
        pulse.start();
        time.standStill(ofMillis(501));
        time.advance(ofSeconds(10));
        assertThat(told).containsExactly(ofMillis(501));
    }

    @Test
    void oneThatNobodyNoticesIsNotTold() {
        pulse.start();
        time.standStill(ofMillis(499));
        time.advance(ofSeconds(1));
        assertThat(told).isEmpty();
    }

    @Test
    void oneThatIsNoMoreThanALateTimerIsNotTold() {
        patience = Optional.of(ofMillis(30));
        pulse.start();
        time.standStill(ofMillis(299));
        time.advance(ofSeconds(1));
        assertThat(told).isEmpty();
        time.standStill(ofMillis(300));
        time.advance(ofSeconds(1));
        assertThat(told).containsExactly(ofMillis(300));
    }

    @Test
    void whereNobodyIsPresentNothingIsTold() {
        patience = Optional.empty();
        pulse.start();
        time.standStill(ofSeconds(60));
        time.advance(ofSeconds(1));
        assertThat(told).isEmpty();
        patience = Optional.of(ofMillis(500));
        time.advance(ofSeconds(1));
        assertThat(told).isEmpty();
    }

    @Test
    void whoAsksFirstAfterAStandstillHearsOfItBeforeHeGoesOn() {
        pulse.start();
        time.standStill(ofSeconds(3));
        pulse.check();
        assertThat(told).containsExactly(ofSeconds(3));
        time.advance(ofSeconds(1));
        assertThat(told).hasSize(1);
    }

    @Test
    void aComputerThatSleptIsNoticedByTheWallClock() {
        pulse.start();
        time.sleep(ofSeconds(30));
        time.advance(ofMillis(100));
        assertThat(told).containsExactly(ofMillis(30_100));
    }

    @Test
    void aWallClockThatIsSetBackIsNoStandstill() {
        pulse.start();
        time.sleep(ofSeconds(-30));
        time.advance(ofSeconds(1));
        assertThat(told).isEmpty();
    }
}
