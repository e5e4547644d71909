package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Drives a base on behalf of a service, with no call and no session behind it: it gives the base power again and again,
 * so that whoever stops only the base sees it move again within {@link #AGAIN}.
 */
final class Pilot {

    /** How often the base gets its power anew. */
    static final Duration AGAIN = Duration.ofMillis(400);

    private static final double POWER = 0.5;

    private final Time time;
    private final Base base;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Time.@Nullable Timer next;

    Pilot(Time time, Base base) {
        this.time = time;
        this.base = base;
    }

    /** Begins to drive, if it does not. */
    void drive() {
        lock.lock();
        try {
            if (next == null) {
                push();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends driving and stops the base, if it drove. */
    void halt() {
        lock.lock();
        try {
            if (next != null) {
                next.cancel();
                next = null;
                base.stop();
            }
        } finally {
            lock.unlock();
        }
    }

    // Under the lock, since power given after a halt would stay on for good.
    @GuardedBy("lock")
    private void push() {
        base.setPower(POWER, 0);
        next = time.after(AGAIN, this::again);
    }

    private void again() {
        lock.lock();
        try {
            if (next != null) {
                push();
            }
        } finally {
            lock.unlock();
        }
    }
}
