package dev.fleetgateway.history;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest history of one machine. While it is watched the entries of each part follow each other without a gap and without
 * overlapping, whatever the wall clock does. Safe for use by many threads.
 */
final class Track {

    /**
     * What one and the same sight of a machine showed was written down within this time: what was concluded from it later began with
     * it, though that was written a moment after.
     */
    private static final Duration ONE_SIGHT = Duration.ofSeconds(2);

    private final String run;
    private final String machine;
    private final LongSupplier numbers;
    private final Consumer<Entry> news;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Part, Latest> latest = new EnumMap<>(Part.class);

    /** What ended, the last to end last. */
    @GuardedBy("lock")
    private final Deque<Entry> past = new ArrayDeque<>();

    /** Before it nobody watched. */
    @GuardedBy("lock")
    private Instant watchedSince;

    /** Of what began later, nothing has been forgotten. */
    @GuardedBy("lock")
    private Instant completeAfter;

    @GuardedBy("lock")
    private boolean watched = true;

    /**
     * What lasts.
     *
     * @param told since when, by the picture's own word
     */
    private record Latest(Entry entry, String meaning, Instant told) {}

    /**
     * What is known of a machine from memory.
     *
     * @param completeAfter of what began later than this in this run, nothing is missing
     */
    record Known(List<Entry> entries, Instant completeAfter) {}

    /**
     * Nothing seen yet.
     *
     * @param started when the run began
     * @param numbers the next number of an entry
     * @param news told of every entry that began or ended, in that order; must not block
     */
    Track(String run, Instant started, String machine, LongSupplier numbers, Consumer<Entry> news) {
        this.run = run;
        this.machine = machine;
        this.numbers = numbers;
        this.news = news;
        this.watchedSince = started;
        this.completeAfter = started;
    }

    /** Takes in what is seen of a part now. */
    void see(Part part, Observed seen, String owner, Instant now, int most) {
        lock.lock();
        try {
            watched = true;
            Latest before = latest.get(part);
            if (before == null) {
                // It may be so for longer, but what was written of that time was written by who watched then.
                begin(part, seen, owner, later(seen.since(), watchedSince));
                return;
            }
            Entry entry = before.entry();
            if (entry.standing().equals(seen.standing()) && before.meaning().equals(seen.meaning())) {
                return;
            }
            Instant since = since(before, seen, now);
            end(entry.ended(since, End.CHANGED), most);
            begin(part, seen, owner, since);
        } finally {
            lock.unlock();
        }
    }

    // What changed without a since of its own changed now; and nothing begins before what it follows.
    private static Instant since(Latest before, Observed seen, Instant now) {
        Instant began = before.entry().since();
        if (seen.since().isAfter(began)) {
            return seen.since();
        }
        boolean own = !seen.since().equals(before.told());
        return own && Duration.between(seen.since(), began).compareTo(ONE_SIGHT) <= 0
                ? began
                : later(now.truncatedTo(ChronoUnit.MILLIS), began);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    /** The machine left the fleet. */
    void removed(Instant at, int most) {
        lock.lock();
        try {
            watched = false;
            Instant end = later(at.truncatedTo(ChronoUnit.MILLIS), watchedSince);
            watchedSince = end;
            for (Latest one : latest.values()) {
                Entry ended = one.entry().ended(end, End.REMOVED);
                watchedSince = ended.until() == null ? end : later(ended.until(), watchedSince);
                end(ended, most);
            }
            latest.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the machine is in the fleet. */
    boolean watched() {
        lock.lock();
        try {
            return watched;
        } finally {
            lock.unlock();
        }
    }

    /** Everything that is remembered. */
    Known known() {
        lock.lock();
        try {
            List<Entry> all = new ArrayList<>(past);
            latest.values().forEach(one -> all.add(one.entry()));
            return new Known(all, completeAfter);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what ended before a moment. */
    void forget(Instant before) {
        lock.lock();
        try {
            Entry oldest = past.peekFirst();
            while (oldest != null && oldest.until() != null && oldest.until().isBefore(before)) {
                forgetOldest();
                oldest = past.peekFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void begin(Part part, Observed seen, String owner, Instant since) {
        Entry entry = new Entry(
                run, numbers.getAsLong(), machine, part, seen.standing(), since, null, null, seen.reason(), owner);
        latest.put(part, new Latest(entry, seen.meaning(), seen.since()));
        news.accept(entry);
    }

    @GuardedBy("lock")
    private void end(Entry ended, int most) {
        past.addLast(ended);
        while (past.size() > most) {
            forgetOldest();
        }
        news.accept(ended);
    }

    @GuardedBy("lock")
    private void forgetOldest() {
        @Nullable Entry oldest = past.pollFirst();
        if (oldest != null && oldest.since().isAfter(completeAfter)) {
            completeAfter = oldest.since();
        }
    }
}
