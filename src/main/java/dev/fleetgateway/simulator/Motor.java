package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A motor that validates nothing and remembers its power. A motion that is cancelled leaves the power on, which is what
 * makes "cancelled" and "stopped" different things.
 */
final class Motor implements Component.Actuator {

    /** Turns a minute at full power. */
    static final double MAX_RPM = 100;

    private static final double MOVING = 0.005;

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Course course;

    @GuardedBy("lock")
    private double power;

    @GuardedBy("lock")
    private double position;

    @GuardedBy("lock")
    private long since;

    Motor(Time time) {
        this(time, Optional::empty);
    }

    /**
     * @param lingering how long its motions go on after their answer; empty in a good driver
     */
    Motor(Time time, Supplier<Optional<Duration>> lingering) {
        this.time = time;
        this.course = new Course(time, lock, lingering);
        this.since = time.nanos();
    }

    void setPower(double share) {
        course.cut(() -> turn(share));
    }

    void setRpm(double rpm) {
        refuseZero(rpm);
        setPower(rpm / MAX_RPM);
    }

    @Override
    public void stop() {
        setPower(0);
    }

    /** Changes the power but leaves a motion in flight alone, as a base does with its wheels. */
    void turn(double share) {
        lock.lock();
        try {
            position += turned();
            since = time.nanos();
            power = share;
        } finally {
            lock.unlock();
        }
    }

    /** Turns for so many revolutions and stops. The answer cuts it short and leaves the power on. */
    Runnable goFor(double rpm, double revolutions, Runnable ended) {
        refuseZero(rpm);
        if (revolutions == 0) {
            throw Refusal.of("Cannot move motor for 0 revolutions");
        }
        double share = clip(rpm) / MAX_RPM * Math.signum(revolutions);
        double target = position() + Math.signum(rpm) * revolutions;
        return course.begin(
                takes(rpm, revolutions),
                () -> turn(share),
                () -> {
                    turn(0);
                    place(target);
                },
                ended);
    }

    /** Turns to a position and stops. */
    Runnable goTo(double rpm, double target, Runnable ended) {
        return goFor(Math.abs(rpm), target - position(), ended);
    }

    /** How long a number of revolutions takes. */
    static Duration takes(double rpm, double revolutions) {
        return Course.seconds(Math.abs(revolutions / clip(rpm)) * 60);
    }

    /** The share of its power at which it turns so fast. */
    static double share(double rpm) {
        return clip(rpm) / MAX_RPM;
    }

    /** Says where it stands, from which it counts on. */
    void place(double revolutions) {
        lock.lock();
        try {
            since = time.nanos();
            position = revolutions;
        } finally {
            lock.unlock();
        }
    }

    double power() {
        lock.lock();
        try {
            return power;
        } finally {
            lock.unlock();
        }
    }

    /** Revolutions since the start or the last reset. */
    double position() {
        lock.lock();
        try {
            return position + turned();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isMoving() {
        return Math.abs(power()) >= MOVING;
    }

    @GuardedBy("lock")
    private double turned() {
        double turned =
                power * MAX_RPM * (time.nanos() - since) / Duration.ofMinutes(1).toNanos();
        // The power may be set to anything, also to what is no number.
        return Double.isFinite(turned) ? turned : 0;
    }

    private static double clip(double rpm) {
        return Double.isNaN(rpm) ? rpm : Math.clamp(rpm, -MAX_RPM, MAX_RPM);
    }

    private static void refuseZero(double rpm) {
        if (rpm == 0) {
            throw Refusal.of("Cannot move motor at an RPM that is nearly 0");
        }
    }
}
