package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A base with a wheel on either side. Its wheels are motors that others may command too, and its Stop stops them without
 * ending its own motion: that goes on "in flight" to its planned end and then answers OK.
 */
final class Base implements Component.Actuator {

    static final double WIDTH_MM = 300;
    static final double WHEEL_CIRCUMFERENCE_MM = 250;

    private static final double NEARLY_ZERO = 0.0001;

    private final String name;
    private final Course course;
    private final List<Motor> left;
    private final List<Motor> right;

    Base(String name, Time time, List<Motor> left, List<Motor> right) {
        this(name, time, left, right, Optional::empty);
    }

    /**
     * @param lingering how long its motions go on after their answer; empty in a good driver
     */
    Base(String name, Time time, List<Motor> left, List<Motor> right, Supplier<Optional<Duration>> lingering) {
        this.name = name;
        this.course = new Course(time, new ReentrantLock(), lingering);
        this.left = List.copyOf(left);
        this.right = List.copyOf(right);
    }

    /** Drives a distance and stops. The answer cuts it short and leaves the power on. */
    Runnable moveStraight(double mm, double mmPerSecond, Runnable ended) {
        if (Math.abs(mmPerSecond) < NEARLY_ZERO || mm == 0) {
            stop();
            ended.run();
            return () -> {};
        }
        double rpm = mmPerSecond / WHEEL_CIRCUMFERENCE_MM * 60;
        double direction = Math.signum(mm);
        return run(rpm * direction, rpm * direction, mm / WHEEL_CIRCUMFERENCE_MM, ended);
    }

    /** Turns by an angle and stops; counter-clockwise is positive. The answer cuts it short and leaves the power on. */
    Runnable spin(double degrees, double degreesPerSecond, Runnable ended) {
        course.cut(() -> {});
        if (Math.abs(degrees) < NEARLY_ZERO) {
            throw Refusal.of("cannot move base " + name + " for an angle that is nearly 0");
        }
        if (Math.abs(degreesPerSecond) < NEARLY_ZERO) {
            stop();
            ended.run();
            return () -> {};
        }
        double turnsPerDegree = Math.PI * WIDTH_MM / 360 / WHEEL_CIRCUMFERENCE_MM;
        double rpm = turnsPerDegree * degreesPerSecond * 60 * Math.signum(degrees);
        return run(-rpm, rpm, turnsPerDegree * degrees, ended);
    }

    /** Sets the wheels' power and keeps it: forward and counter-clockwise are positive, one is full. */
    void setPower(double forward, double turn) {
        course.cut(() -> {});
        if (forward == 0 && turn == 0) {
            stop();
            return;
        }
        // In reverse the arc is mirrored, so that the base turns the way the same stick turns it forwards.
        double arc = forward < 0 ? -turn : turn;
        left.forEach(motor -> motor.setPower(Math.clamp(forward - arc, -1, 1)));
        right.forEach(motor -> motor.setPower(Math.clamp(forward + arc, -1, 1)));
    }

    /** Sets the wheels' speed and keeps it. */
    void setVelocity(double mmPerSecond, double degreesPerSecond) {
        if (mmPerSecond == 0 && degreesPerSecond == 0) {
            stop();
            return;
        }
        double rim = Math.toRadians(degreesPerSecond) * WIDTH_MM / 2;
        double leftRpm = (mmPerSecond - rim) / WHEEL_CIRCUMFERENCE_MM * 60;
        double rightRpm = (mmPerSecond + rim) / WHEEL_CIRCUMFERENCE_MM * 60;
        course.cut(() -> wheels(leftRpm, rightRpm));
    }

    @Override
    public void stop() {
        each(Motor::stop);
    }

    @Override
    public void end() {
        course.cut(() -> {});
        stop();
    }

    @Override
    public boolean isMoving() {
        return Stream.concat(left.stream(), right.stream()).anyMatch(Motor::isMoving);
    }

    private Runnable run(double leftRpm, double rightRpm, double revolutions, Runnable ended) {
        return course.begin(
                Motor.takes(leftRpm, revolutions),
                () -> wheels(leftRpm, rightRpm),
                () -> each(motor -> motor.turn(0)),
                ended);
    }

    private void wheels(double leftRpm, double rightRpm) {
        left.forEach(motor -> motor.turn(Motor.share(leftRpm)));
        right.forEach(motor -> motor.turn(Motor.share(rightRpm)));
    }

    private void each(Consumer<Motor> action) {
        left.forEach(action);
        right.forEach(action);
    }
}
