package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.connection.WebRtcSettings;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When a worn link may be dialed anew. All links of a generation wear out in one instant, and the dials are there for machines that are
 * lost: so half as many a minute are granted as there are, one after another, and none while the budget is less than half full.
 */
final class Renewals {

    /** Longer than a dial and the first answer over it take. */
    static final Duration GRANT = Duration.ofMinutes(2);

    private final Budget budget;
    private final Time time;
    private final Duration pace;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean any;

    @GuardedBy("lock")
    private long last;

    Renewals(WebRtcSettings settings, Budget budget, Time time) {
        this.budget = budget;
        this.time = time;
        this.pace = Duration.ofMinutes(1).multipliedBy(2).dividedBy(settings.dialsPerMinute());
    }

    /** For one link. */
    Renewal renewal() {
        return new Renewal();
    }

    private boolean grant() {
        lock.lock();
        try {
            if ((any && time.since(last).compareTo(pace) < 0) || !budget.isHalfFull()) {
                return false;
            }
            any = true;
            last = time.nanos();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Of one link. Asked for its sake alone, and safe for use by many threads. */
    final class Renewal {

        private final ReentrantLock own = new ReentrantLock();

        @GuardedBy("own")
        private boolean given;

        @GuardedBy("own")
        private long givenAt;

        /** Whether it is granted; once it is, for {@link #GRANT}, and then it has to be granted again. */
        boolean granted() {
            own.lock();
            try {
                if (!given || time.since(givenAt).compareTo(GRANT) >= 0) {
                    given = grant();
                    givenAt = time.nanos();
                }
                return given;
            } finally {
                own.unlock();
            }
        }
    }
}
