package dev.fleetgateway.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still until a test moves it. Timers run on the thread that calls {@link #advance}, in the order of
 * their time and, at one time, in the order they were set; a timer set by a timer runs too if it falls into the same step.
 *
 * <p>Safe for use by many threads.
 */
public final class FakeTime implements Time {

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Entry> timers = new PriorityQueue<>();
    private Instant start;
    private long nanos;
    private long sequence;

    /** Begins at a moment that no system clock shows, so that a use of the real clock is seen at once. */
    public FakeTime() {
        this(Instant.parse("2030-01-01T00:00:00Z"));
    }

    /** Begins at the given moment. */
    public FakeTime(Instant start) {
        this.start = start;
    }

    @Override
    public Instant now() {
        lock.lock();
        try {
            return start.plusNanos(nanos);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nanos() {
        lock.lock();
        try {
            return nanos;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        lock.lock();
        try {
            Entry entry = new Entry(nanos + Math.max(0, delay.toNanos()), sequence++, task);
            timers.add(entry);
            return () -> cancel(entry);
        } finally {
            lock.unlock();
        }
    }

    /** Moves both clocks forward, stopping at each timer on the way to run it at its own time. */
    public void advance(Duration by) {
        long end = nanos() + by.toNanos();
        for (Runnable due = next(end); due != null; due = next(end)) {
            due.run();
        }
    }

    /**
     * Moves both clocks forward and runs no timer, as when the process was stopped for so long. What became due meanwhile runs
     * with the next {@link #advance}, however short.
     */
    public void standStill(Duration by) {
        lock.lock();
        try {
            nanos += by.toNanos();
        } finally {
            lock.unlock();
        }
    }

    /** Moves the wall clock alone, as when the whole computer slept for so long. */
    public void sleep(Duration by) {
        lock.lock();
        try {
            start = start.plus(by);
        } finally {
            lock.unlock();
        }
    }

    /** When the timers that have neither run nor been cancelled will run, counted from now, the next one first. */
    public List<Duration> pendingTimers() {
        lock.lock();
        try {
            List<Duration> pending = new ArrayList<>();
            timers.stream().sorted().forEach(timer -> pending.add(Duration.ofNanos(timer.at() - nanos)));
            return List.copyOf(pending);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Runnable next(long end) {
        lock.lock();
        try {
            Entry first = timers.peek();
            if (first == null || first.at() > end) {
                nanos = Math.max(nanos, end);
                return null;
            }
            timers.remove(first);
            nanos = Math.max(nanos, first.at());
            return first.task();
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Entry entry) {
        lock.lock();
        try {
            timers.remove(entry);
        } finally {
            lock.unlock();
        }
    }

    private record Entry(long at, long order, Runnable task) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }
}
