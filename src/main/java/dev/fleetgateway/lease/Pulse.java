package dev.fleetgateway.lease;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Notices that the gateway itself stood still: stopped by a signal, paused with its whole machine, held up by its own memory. Its
 * timer comes by ten times a second; whoever is about to move something asks as well, since after a standstill nobody knows who runs
 * first. The clock that only goes forward tells of a stopped process; where the whole computer was paused that clock may have stood
 * still too, and the wall clock tells.
 */
final class Pulse {

    private static final Duration BEAT = Duration.ofMillis(100);

    /** What is shorter cannot be told from a timer that is a little late. */
    private static final Duration LEAST = Duration.ofMillis(300);

    private final Time time;
    private final Supplier<Optional<Duration>> patience;
    private final Consumer<Duration> stalled;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private long lastNanos;

    @GuardedBy("lock")
    private Instant lastWall;

    private final AtomicLong standstills = new AtomicLong();

    private volatile boolean over;

    /**
     * Does not beat before {@link #start}.
     *
     * @param patience the shortest time in which somebody would notice; empty where nobody would
     * @param stalled told how long it stood still, before whoever asked goes on
     */
    Pulse(Time time, Supplier<Optional<Duration>> patience, Consumer<Duration> stalled) {
        this.time = time;
        this.patience = patience;
        this.stalled = stalled;
        this.lastNanos = time.nanos();
        this.lastWall = time.now();
    }

    void start() {
        over = false;
        beat();
    }

    void stop() {
        over = true;
    }

    private void beat() {
        if (!over) {
            try {
                var _ = check();
            } finally {
                time.after(BEAT, this::beat);
            }
        }
    }

    /** Looks whether the gateway stood still until just now; true too for those who waited while another found out. */
    boolean check() {
        Duration stood;
        long before = standstills.get();
        lock.lock();
        try {
            long nanos = time.nanos();
            Instant wall = time.now();
            Duration passed = Duration.ofNanos(nanos - lastNanos);
            Duration shown = Duration.between(lastWall, wall);
            lastNanos = nanos;
            lastWall = wall;
            stood = passed.compareTo(shown) > 0 ? passed : shown;
            if (stood.compareTo(LEAST) < 0
                    || patience.get().filter(most -> stood.compareTo(most) > 0).isEmpty()) {
                return standstills.get() != before;
            }
            standstills.incrementAndGet();
            // Told inside: nobody who asks after this goes on before the leases have ended.
            stalled.accept(stood);
            return true;
        } finally {
            lock.unlock();
        }
    }
}
