package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SimulatedMotionTest {

    private final FakeTime time = new FakeTime();
    private final Motor left = new Motor(time);
    private final Motor right = new Motor(time);
    private final Base base = new Base("base1", time, List.of(left), List.of(right));
    private final Arm arm = new Arm(time);
    private final AtomicInteger ended = new AtomicInteger();

    @Test
    void aBaseDrivesItsDistanceAndStands() {
        base.moveStraight(500, 250, ended::incrementAndGet);
        assertThat(left.power()).isEqualTo(0.6);
        time.advance(Duration.ofSeconds(2));
        assertThat(ended).hasValue(1);
        assertThat(base.isMoving()).isFalse();
        assertThat(left.position()).isCloseTo(2, within(1e-9));
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void stoppingABaseStopsItsWheelsButItsMotionStaysInFlightToTheEnd() {
        base.moveStraight(500, 250, ended::incrementAndGet);
        base.stop();
        assertThat(base.isMoving()).isFalse();
        time.advance(Duration.ofSeconds(1));
        assertThat(ended).hasValue(0);
        time.advance(Duration.ofSeconds(1));
        assertThat(ended).hasValue(1);
    }

    @Test
    void backwardsIsNegativeOnEitherSideOfTheProduct() {
        base.moveStraight(-500, 250, ended::incrementAndGet);
        assertThat(left.power()).isEqualTo(-0.6);
        base.moveStraight(500, -250, ended::incrementAndGet);
        assertThat(left.power()).isEqualTo(-0.6);
        base.moveStraight(-500, -250, ended::incrementAndGet);
        assertThat(left.power()).isEqualTo(0.6);
        assertThat(ended).hasValue(2);
    }

    @Test
    void spinningTurnsTheWheelsAgainstEachOther() {
        base.spin(90, 45, ended::incrementAndGet);
        assertThat(left.power()).isNegative().isEqualTo(-right.power());
        time.advance(Duration.ofSeconds(2));
        assertThat(ended).hasValue(1);
        assertThat(base.isMoving()).isFalse();
    }

    @Test
    void cancellingABaseLeavesItsWheelsPowered() {
        Runnable cancel = base.moveStraight(500, 250, ended::incrementAndGet);
        cancel.run();
        cancel.run();
        assertThat(ended).hasValue(1);
        assertThat(base.isMoving()).isTrue();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void aMotorThatWasGivenNoNumberStillKnowsWhereItStands() {
        left.setPower(Double.NaN);
        time.advance(Duration.ofSeconds(1));
        left.setPower(1);
        time.advance(Duration.ofSeconds(60));
        assertThat(left.position()).isEqualTo(100);
    }

    @Test
    void anEncoderCountsTheTurnsOfItsMotor() {
        Encoder encoder = new Encoder(left);
        left.setPower(0.5);
        time.advance(Duration.ofSeconds(6));
        assertThat(encoder.ticks()).isEqualTo(5_000);
        encoder.reset();
        assertThat(encoder.ticks()).isZero();
    }

    @Test
    void anArmTakesItsTimeAndCanBeStoppedUnderWay() {
        arm.move(List.of(List.of(60d, 0d, 0d, 0d, 0d, 0d)), Arm.DEGREES_PER_SECOND, ended::incrementAndGet);
        time.advance(Duration.ofMillis(500));
        assertThat(arm.isMoving()).isTrue();
        assertThat(arm.joints()[0]).isCloseTo(30, within(1e-9));
        arm.stop();
        assertThat(ended).hasValue(1);
        assertThat(arm.isMoving()).isFalse();
        assertThat(arm.hand().getX()).isCloseTo(30, within(1e-9));
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void anArmPassesItsWaypoints() {
        arm.move(
                List.of(List.of(60d, 0d, 0d, 0d, 0d, 0d), List.of(60d, 30d, 0d, 0d, 0d, 0d)),
                60,
                ended::incrementAndGet);
        time.advance(Duration.ofMillis(1_250));
        assertThat(arm.joints()[0]).isCloseTo(60, within(1e-9));
        assertThat(arm.joints()[1]).isCloseTo(15, within(1e-9));
        time.advance(Duration.ofMillis(250));
        assertThat(ended).hasValue(1);
        assertThat(arm.isMoving()).isFalse();
    }
}
