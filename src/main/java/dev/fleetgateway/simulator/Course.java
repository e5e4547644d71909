package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one timed motion of a component. A new command ends the motion before it, and whoever waited for that one is told
 * so by nothing but its end: the machine answers OK either way.
 */
final class Course {

    /** Longer motions than this are as good as endless, and longer durations would overflow the clock. */
    private static final double LONGEST_SECONDS = Duration.ofDays(365).toSeconds();

    private final Time time;
    private final ReentrantLock lock;
    private final Supplier<Optional<Duration>> lingering;

    @GuardedBy("lock")
    private @Nullable Leg current;

    /**
     * @param lock guards the component's state too: every change given here runs under it
     * @param lingering how long a motion goes on after its caller was told that it has ended; empty in a good driver
     */
    Course(Time time, ReentrantLock lock, Supplier<Optional<Duration>> lingering) {
        this.time = time;
        this.lock = lock;
        this.lingering = lingering;
    }

    private static final class Leg {
        private final Runnable ended;
        private Time.@Nullable Timer timer;

        private Leg(Runnable ended) {
            this.ended = ended;
        }
    }

    /** A length of time from seconds, however odd they are: not a number is none. */
    static Duration seconds(double seconds) {
        double bounded = Double.isNaN(seconds) ? 0 : Math.clamp(seconds, 0, LONGEST_SECONDS);
        return Duration.ofMillis((long) (bounded * 1_000));
    }

    /**
     * Ends the motion before and begins one.
     *
     * @param begin starts it, under the lock
     * @param arrived finishes it when its time has passed, under the lock; not run if it is cut short
     * @param ended tells the caller, outside the lock, once, however it ended
     * @return ends this motion, if it still goes on, and changes nothing else
     */
    Runnable begin(Duration takes, Runnable begin, Runnable arrived, Runnable ended) {
        Optional<Duration> lingers = lingering.get();
        Leg leg = new Leg(lingers.isPresent() ? () -> {} : ended);
        Leg before;
        lock.lock();
        try {
            before = take();
            current = leg;
            begin.run();
            leg.timer = time.after(lingers.orElse(takes), () -> arrive(leg, arrived));
        } finally {
            lock.unlock();
        }
        tell(before);
        if (lingers.isPresent()) {
            ended.run();
        }
        return () -> leave(leg);
    }

    /** Ends the motion, if there is one, and makes the given change under the lock. */
    void cut(Runnable change) {
        Leg before;
        lock.lock();
        try {
            before = take();
            change.run();
        } finally {
            lock.unlock();
        }
        tell(before);
    }

    private void arrive(Leg leg, Runnable arrived) {
        lock.lock();
        try {
            if (current != leg) {
                return;
            }
            current = null;
            arrived.run();
        } finally {
            lock.unlock();
        }
        tell(leg);
    }

    private void leave(Leg leg) {
        lock.lock();
        try {
            if (current != leg) {
                return;
            }
            take();
        } finally {
            lock.unlock();
        }
        tell(leg);
    }

    @GuardedBy("lock")
    private @Nullable Leg take() {
        Leg taken = current;
        current = null;
        if (taken != null && taken.timer != null) {
            taken.timer.cancel();
        }
        return taken;
    }

    private static void tell(@Nullable Leg leg) {
        if (leg != null) {
            leg.ended.run();
        }
    }
}
