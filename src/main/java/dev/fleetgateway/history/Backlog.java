package dev.fleetgateway.history;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries that wait for the store. An entry waits once, as it is now. Where too many of a part wait, the oldest of it that has ended is
 * dropped and counted, so that a flood of one part takes nothing from another; what lasts, and the end of what the store believes to last, is never dropped: there is one of each to a part of a
 * machine, and without them the store would tell what is not so. Safe for use by many threads; nothing here blocks.
 */
final class Backlog {

    /** Of a part. With a change a second of it in the whole fleet, the store may be away for hours. All parts together take some 20 MB. */
    static final int MOST = 10_000;

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();

    /** The store has it as lasting, and it has ended. */
    @GuardedBy("lock")
    private final LinkedHashMap<Long, Waiting> endings = new LinkedHashMap<>();

    /** The store does not have it, and it has ended. */
    @GuardedBy("lock")
    private final Map<Part, Map<Long, Waiting>> past = new EnumMap<>(Part.class);

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
        for (Part part : Part.values()) {
            past.put(part, new LinkedHashMap<>());
        }
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
                past(entry).put(number, new Waiting(entry, now));
                dropSurplus(past(entry));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Some of what waits, to be written now. It waits on until {@link #written}. */
    List<Entry> take(int atMost) {
        lock.lock();
        try {
            List<Entry> batch = waiting()
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
            past(entry).remove(number);
            stored.remove(number);
            return;
        }
        stored.add(number);
        lasting.remove(number);
        // It ended while it was being written.
        Waiting ended = past(entry).remove(number);
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
            past(entry).remove(entry.number());
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
            Instant oldest = waiting()
                    .flatMap(waiting -> waiting.values().stream().limit(1))
                    .map(Waiting::since)
                    .min(Instant::compareTo)
                    .orElse(null);
            return new Load(waiting().mapToInt(Map::size).sum(), oldest, dropped, written);
        } finally {
            lock.unlock();
        }
    }

    /** What waits of one machine. */
    List<Entry> of(String machine) {
        lock.lock();
        try {
            List<Entry> waiting = new ArrayList<>();
            waiting()
                    .flatMap(some -> some.values().stream())
                    .map(Waiting::entry)
                    .filter(entry -> entry.machine().equals(machine))
                    .forEach(waiting::add);
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Everything, what is to be written first first. */
    @GuardedBy("lock")
    private Stream<Map<Long, Waiting>> waiting() {
        Stream<Map<Long, Waiting>> ended = Stream.concat(Stream.of(endings), past.values().stream());
        return Stream.concat(ended, Stream.of(lasting));
    }

    @GuardedBy("lock")
    private Map<Long, Waiting> past(Entry entry) {
        return Objects.requireNonNull(past.get(entry.part()), "there is one for each");
    }

    @GuardedBy("lock")
    private void dropSurplus(Map<Long, Waiting> some) {
        Iterator<Long> oldest = some.keySet().iterator();
        while (some.size() > most && oldest.hasNext()) {
            // Of what is being written it is not known whether the store has it.
            if (!taken.contains(oldest.next())) {
                oldest.remove();
                dropped++;
            }
        }
    }
}
