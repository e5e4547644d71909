package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.connection.WebRtcSettings;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** How many native connections may still be made now: a bucket that holds a burst and is filled again by the minute. */
final class Budget {

    private final int most;
    private final long nanosEach;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int left;

    @GuardedBy("lock")
    private long filledAt;

    Budget(WebRtcSettings settings, Time time) {
        this.most = settings.burst();
        this.nanosEach = Duration.ofMinutes(1).toNanos() / settings.dialsPerMinute();
        this.time = time;
        this.left = most;
        this.filledAt = time.nanos();
    }

    /** Takes one; false where none is left. */
    boolean take() {
        lock.lock();
        try {
            fill();
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** One that was taken is not made after all. */
    void giveBack() {
        lock.lock();
        try {
            fill();
            left = Math.min(most, left + 1);
        } finally {
            lock.unlock();
        }
    }

    /** Whether at least half of it is left. */
    boolean isHalfFull() {
        lock.lock();
        try {
            fill();
            return left >= most - left;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void fill() {
        long now = time.nanos();
        long come = (now - filledAt) / nanosEach;
        left = (int) Math.min(most, left + come);
        filledAt = left == most ? now : filledAt + come * nanosEach;
    }
}
