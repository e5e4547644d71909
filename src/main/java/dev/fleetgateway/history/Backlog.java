package dev.fleetgateway.history;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries that wait for the store. An entry waits once, as it is now. Where too many wait, the oldest that has ended is dropped and
 * counted; what lasts, and the end of what the store believes to last, is never dropped: there is one of each to a part of a
 * machine, and without them the store would tell what is not so. Safe for use by many threads; nothing here blocks.
 */
final class Backlog {

    /** With a change a second in the whole fleet, the store may be away for hours. */
    static final int MOST = 10_000;

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();

    /** The store has it as lasting, and it has ended. */
    @GuardedBy("lock")
    private final LinkedHashMap<Long, Waiting> endings = new LinkedHashMap<>();

    /** The store does not have it, and it has ended. */
    @GuardedBy("lock")
    private final LinkedHashMap<Long, Waiting> past = new LinkedHashMap<>();

    /** The store does not have it, and it lasts. */
    @GuardedBy("lock")
    private final LinkedHashMap<Long, Waiting> lasting = new LinkedHashMap<>();

    /** What the store has as lasting. */
    @GuardedBy("lock")
    private final Set<Long> stored = new HashSet<>();

    /** What is being written. */
    @GuardedBy("lock")
    private final Set<Long> taken = new HashSet<>();

    @GuardedBy("lock")
    private long dropped;

    @GuardedBy("lock")
    private long written;

    private record Waiting(Entry entry, Instant since) {}

    /** What waits. */
    record Load(int waiting, @Nullable Instant oldest, long dropped, long written) {}

    Backlog() {
        this(MOST);
    }

    Backlog(int most) {
        this.most = most;
    }

    /** An entry that began, or ended. */
    void put(Entry entry, Instant at) {
        Instant now = at.truncatedTo(ChronoUnit.MILLIS);
        long number = entry.number();
        lock.lock();
        try {
            if (entry.lasts()) {
                lasting.put(number, new Waiting(entry, now));
            } else if (stored.contains(number)) {
                endings.put(number, new Waiting(entry, now));
            } else {
                lasting.remove(number);
                past.put(number, new Waiting(entry, now));
                dropSurplus();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Some of what waits, to be written now. It waits on until {@link #written}. */
    List<Entry> take(int atMost) {
        lock.lock();
        try {
            List<Entry> batch = Stream.of(endings, past, lasting)
                    .flatMap(waiting -> waiting.values().stream())
                    .limit(atMost)
                    .map(Waiting::entry)
                    .toList();
            taken.clear();
            batch.forEach(entry -> taken.add(entry.number()));
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** The store has these. */
    void written(List<Entry> batch) {
        lock.lock();
        try {
            taken.clear();
            written += batch.size();
            batch.forEach(this::stored);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void stored(Entry entry) {
        long number = entry.number();
        if (!entry.lasts()) {
            endings.remove(number);
            past.remove(number);
            stored.remove(number);
            return;
        }
        stored.add(number);
        lasting.remove(number);
        // It ended while it was being written.
        Waiting ended = past.remove(number);
        if (ended != null) {
            endings.put(number, ended);
        }
    }

    /** The store will never take this one. */
    void refused(Entry entry) {
        lock.lock();
        try {
            taken.clear();
            endings.remove(entry.number());
            past.remove(entry.number());
            lasting.remove(entry.number());
            dropped++;
        } finally {
            lock.unlock();
        }
    }

    /** How much waits. */
    Load load() {
        lock.lock();
        try {
            Instant oldest = Stream.of(endings, past, lasting)
                    .flatMap(waiting -> waiting.values().stream().limit(1))
                    .map(Waiting::since)
                    .min(Instant::compareTo)
                    .orElse(null);
            return new Load(endings.size() + past.size() + lasting.size(), oldest, dropped, written);
        } finally {
            lock.unlock();
        }
    }

    /** What waits of one machine. */
    List<Entry> of(String machine) {
        lock.lock();
        try {
            List<Entry> waiting = new ArrayList<>();
            Stream.of(endings, past, lasting)
                    .flatMap(some -> some.values().stream())
                    .map(Waiting::entry)
                    .filter(entry -> entry.machine().equals(machine))
                    .forEach(waiting::add);
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void dropSurplus() {
        Iterator<Long> oldest = past.keySet().iterator();
        while (past.size() > most && oldest.hasNext()) {
            // Of what is being written it is not known whether the store has it.
            if (!taken.contains(oldest.next())) {
                oldest.remove();
                dropped++;
            }
        }
    }
}
