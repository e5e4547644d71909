package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * When the machine last heard from its cloud: the time in {@code GetMachineStatus.config.last_updated}, the only sign
 * there is. It moves in fixed steps while the cloud answers, and stands still otherwise. Worked out when somebody asks, so
 * that a thousand machines need no timer for it.
 */
final class ConfigHeartbeat {

    static final Duration STEP = Duration.ofSeconds(10);

    /** A machine that has its cloud back shows it only after so long. */
    static final Duration RECOVERY = Duration.ofSeconds(4);

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Instant standing;

    @GuardedBy("lock")
    private @Nullable Long nextMove;

    /**
     * @param reachesCloud false for a machine without a cloud, or one that starts without the internet
     */
    ConfigHeartbeat(Time time, boolean reachesCloud) {
        this.time = time;
        this.standing = time.now();
        this.nextMove = reachesCloud ? time.nanos() + STEP.toNanos() : null;
    }

    Instant lastUpdated() {
        lock.lock();
        try {
            long past = nextMove == null ? -1 : time.nanos() - nextMove;
            if (nextMove != null && past >= 0) {
                long sinceStep = past % STEP.toNanos();
                standing = time.now().minusNanos(sinceStep);
                nextMove = time.nanos() - sinceStep + STEP.toNanos();
            }
            return standing;
        } finally {
            lock.unlock();
        }
    }

    /** From now on it stands still. */
    void lose() {
        lock.lock();
        try {
            lastUpdated();
            nextMove = null;
        } finally {
            lock.unlock();
        }
    }

    /** It moves again after the time a machine takes to notice. */
    void regain() {
        lock.lock();
        try {
            if (nextMove == null) {
                nextMove = time.nanos() + RECOVERY.toNanos();
            }
        } finally {
            lock.unlock();
        }
    }
}
