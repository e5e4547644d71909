package dev.fleetgateway.peer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generations there are: new peers are made on the youngest, and on one younger still once that is worn. A worn one is disposed
 * with its last peer.
 */
final class Generations {

    /** Beyond that the youngest goes on, worn or not: old ones may be held by peers that nobody may close yet. */
    static final int MOST = 4;

    private static final Logger log = LoggerFactory.getLogger(Generations.class);

    private final Supplier<Generation.Factory> factories;
    private final long wear;
    private final ReentrantLock lock = new ReentrantLock();

    /** With how many peers each. */
    @GuardedBy("lock")
    private final Map<Generation, Integer> alive = new HashMap<>();

    @GuardedBy("lock")
    private boolean closed;

    // Written under the lock only. Whoever asks whether one is worn must not wait while another is loaded.
    private volatile @Nullable Generation youngest;
    private volatile boolean full;

    /**
     * None yet.
     *
     * @param wear after how many messages one is worn
     */
    Generations(Supplier<Generation.Factory> factories, long wear) {
        this.factories = factories;
        this.wear = wear;
    }

    /** The one to make a peer on, which it counts for from now on. */
    Generation join() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("no peer is made any more: the gateway is shutting down");
            }
            Generation joined = youngest;
            if (joined == null || joined.worn()) {
                joined = new Generation(this, factories.get());
                alive.put(joined, 0);
                youngest = joined;
                full = alive.size() >= MOST;
            }
            alive.merge(joined, 1, Integer::sum);
            return joined;
        } finally {
            lock.unlock();
        }
    }

    /** One of its peers is no more, or was not made. May dispose it: not for the library's own threads. */
    void leave(Generation left) {
        lock.lock();
        try {
            int peers = alive.merge(left, -1, Integer::sum);
            if (peers > 0 || !(closed || left != youngest || left.messages() >= wear)) {
                return;
            }
            forget(left);
        } finally {
            lock.unlock();
        }
        dispose(left);
    }

    boolean worn(Generation asked) {
        return asked.messages() >= wear && (asked != youngest || !full);
    }

    int alive() {
        lock.lock();
        try {
            return alive.size();
        } finally {
            lock.unlock();
        }
    }

    /** Disposes those without peers; the others are with their last. */
    void close() {
        List<Generation> idle;
        lock.lock();
        try {
            closed = true;
            idle = alive.entrySet().stream()
                    .filter(each -> each.getValue() == 0)
                    .map(Map.Entry::getKey)
                    .toList();
            idle.forEach(this::forget);
        } finally {
            lock.unlock();
        }
        idle.forEach(Generations::dispose);
    }

    @GuardedBy("lock")
    private void forget(Generation gone) {
        alive.remove(gone);
        full = alive.size() >= MOST;
        if (gone == youngest) {
            youngest = null;
        }
    }

    private static void dispose(Generation gone) {
        try {
            gone.dispose();
            log.debug("The WebRTC library let go of what it kept of {} messages", gone.messages());
        } catch (RuntimeException | Error e) {
            log.warn("The WebRTC library did not let go of what it kept of {} messages", gone.messages(), e);
        }
    }
}
