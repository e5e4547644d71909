package dev.fleetgateway.status;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.time.Time;
import dev.fleetgateway.uplink.Uplink;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The changes of the whole fleet, for any number of readers.
 *
 * <p>It keeps states, not events: for each machine the newest picture and the number of its last change. A reader is a
 * cursor into these numbers, so a slow one holds nothing back and skips what was overtaken. Safe for use by many threads.
 */
public final class Feed {

    /** Ten frames a second: more than an eye can follow, and each change costs a reader at most one picture a frame. */
    static final Duration BEAT = Duration.ofMillis(100);

    /** How many machines that left are remembered for readers that come back. */
    static final int REMEMBERED_REMOVALS = 10_000;

    private final Time time;
    private final String epoch;
    private final int rememberedRemovals;
    private final ConcurrentSkipListMap<String, Picture> byName = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Picture> bySeq = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Removal> removals = new ConcurrentSkipListMap<>();
    private final Set<FeedReader> readers = Collections.newSetFromMap(new ConcurrentHashMap<>());
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong beats = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long head;
    private volatile long forgotten;
    private volatile @Nullable Uplink uplink;

    @GuardedBy("lock")
    private Time.@Nullable Timer beat;

    /**
     * An empty feed.
     *
     * @param epoch differs in every life of the gateway, so that numbers of an earlier one are not taken for its own
     */
    public Feed(Time time, String epoch) {
        this(time, epoch, REMEMBERED_REMOVALS);
    }

    Feed(Time time, String epoch, int rememberedRemovals) {
        this.time = time;
        this.epoch = epoch;
        this.rememberedRemovals = rememberedRemovals;
    }

    /** Which life of the gateway this is. */
    public String epoch() {
        return epoch;
    }

    /** The newest picture of a machine. */
    public Optional<Picture> picture(String machine) {
        return Optional.ofNullable(byName.get(machine));
    }

    /** The newest picture of every machine, ordered by name: a live view. */
    public Collection<Picture> pictures() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** How many readers there are now. */
    public int readers() {
        return readers.size();
    }

    /** How often a reader was too slow, or came back when what it had missed was not known any more. */
    public long dropped() {
        return dropped.get();
    }

    /** Counts a reader that a door gave up because it did not read. */
    public void countDropped() {
        dropped.incrementAndGet();
    }

    /**
     * A new reader. It must be closed.
     *
     * @param chosen which machines it sees
     * @param since where it was, to go on from there under the same selector; null for the whole fleet first
     * @param wake called when a poll may bring something, by the timer or by the thread that polls: must not block
     */
    public FeedReader open(Selector chosen, @Nullable Cursor since, Runnable wake) {
        FeedReader reader = new FeedReader(this, chosen, since, wake);
        readers.add(reader);
        return reader;
    }

    /** Takes in a picture. It is a change only if more than the passing of time is to be seen. */
    void publish(MachinePicture machine) {
        MachinePicture steady = machine.steady();
        lock.lock();
        try {
            Picture before = byName.get(machine.name());
            if (before != null && before.steady().equals(steady)) {
                Picture renewed = new Picture(machine, steady, before.seq());
                byName.put(machine.name(), renewed);
                bySeq.put(before.seq(), renewed);
                return;
            }
            long seq = head;
            if (before != null) {
                bySeq.remove(before.seq());
                if (!before.machine().labels().equals(machine.labels())) {
                    // For a reader under a selector it may leave: the labels it had say for whom.
                    remember(++seq, before.machine());
                }
            }
            Picture changed = new Picture(machine, steady, ++seq);
            byName.put(machine.name(), changed);
            bySeq.put(seq, changed);
            advance(seq);
        } finally {
            lock.unlock();
        }
    }

    /** Takes in how the gateway's own way to the internet is. */
    void publish(Uplink news) {
        lock.lock();
        try {
            uplink = news;
            arm();
        } finally {
            lock.unlock();
        }
    }

    /** The newest of it; null where nobody told. */
    @Nullable
    Uplink uplink() {
        return uplink;
    }

    /** Takes a machine out. */
    void remove(String machine) {
        lock.lock();
        try {
            Picture before = byName.remove(machine);
            if (before != null) {
                bySeq.remove(before.seq());
                long seq = head + 1;
                remember(seq, before.machine());
                advance(seq);
            }
        } finally {
            lock.unlock();
        }
    }

    long head() {
        return head;
    }

    /** A cursor before this number cannot go on: removals it may have missed are forgotten. */
    long forgotten() {
        return forgotten;
    }

    /** How many beats there were: a reader takes one frame in each. */
    long beats() {
        return beats.get();
    }

    /** Changes after a number, oldest first: a live view. */
    Collection<Picture> changesAfter(long seq) {
        return bySeq.tailMap(seq, false).values();
    }

    /** Removals after a number up to another, oldest first: a live view. */
    Collection<Removal> removalsAfter(long seq, long upTo) {
        return removals.subMap(seq, false, upTo, true).values();
    }

    /** The machines after a name, in order: a live view. */
    Collection<Picture> picturesAfter(@Nullable String name) {
        return name == null ? byName.values() : byName.tailMap(name, false).values();
    }

    void closed(FeedReader reader) {
        readers.remove(reader);
    }

    /** Sees to it that readers are woken once within a beat. */
    void beatSoon() {
        lock.lock();
        try {
            arm();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void remember(long seq, MachinePicture gone) {
        removals.put(seq, new Removal(gone.name(), gone.labels()));
        if (removals.size() > rememberedRemovals) {
            long oldest = removals.firstKey();
            forgotten = oldest;
            removals.remove(oldest);
        }
    }

    // The head moves last: whoever reads it finds everything up to it in the maps, or overtaken by something newer.
    @GuardedBy("lock")
    private void advance(long seq) {
        head = seq;
        arm();
    }

    @GuardedBy("lock")
    private void arm() {
        if (beat == null && !readers.isEmpty()) {
            beat = time.after(BEAT, this::beat);
        }
    }

    private void beat() {
        lock.lock();
        try {
            beat = null;
        } finally {
            lock.unlock();
        }
        beats.incrementAndGet();
        readers.forEach(FeedReader::wake);
    }

    /** A machine that left, with the labels it had, so that only readers who could see it are told. */
    record Removal(String name, Map<String, String> labels) {}
}
