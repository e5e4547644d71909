package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/** Remembers the last calls of a machine while somebody wants to know them. Off, it costs one read a call. */
final class Recorder {

    static final int MOST = 10_000;

    private final LongAdder seen = new LongAdder();
    private final LongAdder disarming = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean on;

    @GuardedBy("lock")
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    /** A call whose fate is still to be told. */
    static final class Entry {
        private volatile RecordedCall call;

        private Entry(RecordedCall call) {
            this.call = call;
        }

        // Its beginning and its end may be told by two threads.
        synchronized void executed(Instant when) {
            call = call.executed(when);
        }

        synchronized void became(RecordedCall.State state, Optional<String> error) {
            call = call.became(state, error);
        }
    }

    boolean on() {
        return on;
    }

    void turn(boolean wanted) {
        on = wanted;
    }

    /** Counts a call, whether it is noted or not. */
    void count() {
        seen.increment();
    }

    /** Counts a monitored call that came without a session. */
    void countDisarming() {
        disarming.increment();
    }

    /** Keeps a call, and lets go of the oldest where there are too many. */
    Entry note(RecordedCall call) {
        Entry entry = new Entry(call);
        lock.lock();
        try {
            if (entries.size() == MOST) {
                entries.removeFirst();
            }
            entries.addLast(entry);
        } finally {
            lock.unlock();
        }
        return entry;
    }

    long seen() {
        return seen.sum();
    }

    long disarming() {
        return disarming.sum();
    }

    void forget() {
        lock.lock();
        try {
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    List<RecordedCall> calls() {
        lock.lock();
        try {
            return entries.stream().map(entry -> entry.call).toList();
        } finally {
            lock.unlock();
        }
    }
}
