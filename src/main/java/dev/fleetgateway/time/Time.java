package dev.fleetgateway.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The passing of time as every room sees it. Tests move it by hand.
 *
 * <p>Safe for use by many threads.
 */
public interface Time {

    /** The wall clock: for people, never for measuring how long something took. */
    Instant now();

    /** A clock that only goes forward, in nanoseconds from an arbitrary start: for measuring and for deadlines. */
    long nanos();

    /**
     * Runs a task once, later, on the timer thread.
     *
     * @param delay how long from now; zero or less means as soon as possible
     * @param task must not block and must not throw
     */
    Timer after(Duration delay, Runnable task);

    /** How long ago a reading of {@link #nanos()} was taken. */
    default Duration since(long nanos) {
        return Duration.ofNanos(nanos() - nanos);
    }

    /** A task that waits for its time. */
    @FunctionalInterface
    interface Timer {

        /** Keeps the task from running, if it has not begun. Does nothing otherwise. */
        void cancel();
    }
}
