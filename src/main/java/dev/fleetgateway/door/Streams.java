package dev.fleetgateway.door;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.context.SmartLifecycle;

/**
 * Every socket and event stream that is open, so that the gateway's end can be told to each before it comes. Their number is
 * bounded by the server's connections.
 */
final class Streams implements SmartLifecycle {

    private final Duration notice;
    private final Set<Stream> open = Collections.newSetFromMap(new ConcurrentHashMap<>());
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    private volatile boolean running;
    private volatile boolean draining;

    /**
     * None yet.
     *
     * @param notice how long before the end it is told
     */
    Streams(Duration notice) {
        this.notice = notice;
    }

    /** Adds one that has begun. It is told at once where the end is near. */
    void add(Stream stream) {
        open.add(stream);
        if (draining) {
            stream.goAway(notice);
        }
    }

    /** Takes one out that has ended. */
    void remove(Stream stream) {
        open.remove(stream);
        lock.lock();
        try {
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the gateway is on its way out. */
    boolean draining() {
        return draining;
    }

    @Override
    public void start() {
        draining = false;
        running = true;
    }

    // Told before the server stops accepting, since its own shutdown waits for requests that would never end by
    // themselves.
    @Override
    public void stop() {
        draining = true;
        open.forEach(stream -> stream.goAway(notice));
        long left = notice.plusSeconds(1).toNanos();
        lock.lock();
        try {
            while (!open.isEmpty() && left > 0) {
                left = fewer.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before the web server, but after the leases: nothing moves any more when its holder is told to go. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 256;
    }

    /** Something that stays open until it is told to go. */
    @FunctionalInterface
    interface Stream {

        /** The gateway ends soon: say so, and end within the given time. Must not block. */
        void goAway(Duration within);
    }
}
