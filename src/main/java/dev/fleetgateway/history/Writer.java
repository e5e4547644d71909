package dev.fleetgateway.history;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Brings what waits into the store, on a thread of its own, and tries again for as long as the store does not take it. It is the
 * only one that waits for it.
 */
final class Writer implements AutoCloseable {

    /** So old may be what another reads of a run that was lost. */
    static final Duration BEAT = Duration.ofSeconds(10);

    /** What waits for longer is late. */
    static final Duration LATE = Duration.ofSeconds(5);

    static final Duration PURGE = Duration.ofHours(1);

    /** Sooner where so many were written: by about as many the database may exceed its bounds. */
    private static final int PURGE_AFTER = 50_000;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration FAREWELL = Duration.ofSeconds(3);
    private static final int BATCH = 500;
    private static final int MOST_BATCHES = 20;
    private static final int LONGEST_REASON = 200;
    private static final Logger log = LoggerFactory.getLogger(Writer.class);

    private final Time time;
    private final Run run;
    private final Store store;
    private final Backlog backlog;
    private final Duration keep;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    @GuardedBy("lock")
    private boolean due = true;

    @GuardedBy("lock")
    private boolean beatDue;

    @GuardedBy("lock")
    private boolean purgeDue;

    @GuardedBy("lock")
    private boolean pausing;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private boolean reached;

    @GuardedBy("lock")
    private Storage.State state = Storage.State.UNAVAILABLE;

    @GuardedBy("lock")
    private Instant since;

    @GuardedBy("lock")
    private String reason = "the database has not been reached yet";

    // Of the writing thread alone.
    private int unpurged;
    private boolean open;
    private int batch = BATCH;
    private Duration pause = FIRST_PAUSE;
    private @Nullable Instant through;

    Writer(Time time, Run run, Store store, Backlog backlog, Duration keep) {
        this.time = time;
        this.run = run;
        this.store = store;
        this.backlog = backlog;
        this.keep = keep;
        this.since = run.startedAt();
        this.thread = Thread.ofPlatform().daemon().name("gateway-history").unstarted(this::work);
    }

    /** Begins. */
    void start() {
        var _ = time.after(BEAT, this::beat);
        var _ = time.after(PURGE.dividedBy(60), this::purge);
        thread.start();
    }

    /** There is something to write. Never blocks. */
    void wake() {
        lock.lock();
        try {
            due = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How it is with the store. */
    Storage storage() {
        Backlog.Load load = backlog.load();
        Instant oldest = load.oldest();
        lock.lock();
        try {
            if (state == Storage.State.KEPT
                    && oldest != null
                    && oldest.plus(LATE).isBefore(time.now())) {
                return new Storage(
                        Storage.State.BEHIND,
                        oldest,
                        "the database is slow: changes wait to be written",
                        load.waiting(),
                        load.dropped());
            }
            return new Storage(state, since, reason, load.waiting(), load.dropped());
        } finally {
            lock.unlock();
        }
    }

    /** Whether the store could ever be used. */
    boolean reached() {
        lock.lock();
        try {
            return reached;
        } finally {
            lock.unlock();
        }
    }

    private void beat() {
        lock.lock();
        try {
            if (!closed) {
                beatDue = true;
                news.signal();
                var _ = time.after(BEAT, this::beat);
            }
        } finally {
            lock.unlock();
        }
    }

    private void purge() {
        lock.lock();
        try {
            if (!closed) {
                purgeDue = true;
                news.signal();
                var _ = time.after(PURGE, this::purge);
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Work work = next(); work != null; work = next()) {
            try {
                round(work);
                kept();
            } catch (RuntimeException e) {
                failed(e, work);
            }
        }
        farewell();
    }

    private @Nullable Work next() {
        lock.lock();
        try {
            while (!closed && (pausing || !(due || beatDue || purgeDue))) {
                news.awaitUninterruptibly();
            }
            if (closed) {
                return null;
            }
            Work work = new Work(beatDue, purgeDue);
            due = false;
            beatDue = false;
            purgeDue = false;
            return work;
        } finally {
            lock.unlock();
        }
    }

    private void round(Work work) {
        if (!open) {
            store.open(run);
            open = true;
        }
        if (!drained(work.beat())) {
            again(work.beat());
        }
        if (work.purge() || unpurged >= PURGE_AFTER) {
            unpurged = 0;
            Instant now = time.now();
            if (store.purge(run, now, now.minus(keep))) {
                purgeSoon();
            }
        }
    }

    /** Whether everything is written that waited, for which nothing else waits too long. */
    private boolean drained(boolean beat) {
        for (int i = 0; i < MOST_BATCHES; i++) {
            Instant now = time.now();
            List<Entry> some = backlog.take(batch);
            boolean all = some.size() < batch;
            if (some.isEmpty() && !beat) {
                batch = BATCH;
                return true;
            }
            try {
                store.write(run, some, all ? latest(now) : null);
            } catch (DataIntegrityViolationException e) {
                oneByOne(some, e);
                continue;
            }
            backlog.written(some);
            unpurged += some.size();
            if (all) {
                // What came meanwhile is the next round's, so that nothing else waits for a fleet that never rests.
                batch = BATCH;
                return true;
            }
        }
        return false;
    }

    // Of many entries the store refuses, it may be one that it cannot hold: that one must not keep back the others for
    // good.
    private void oneByOne(List<Entry> some, DataIntegrityViolationException e) {
        if (some.size() > 1) {
            store.open(run);
            batch = 1;
        } else {
            some.forEach(backlog::refused);
            log.warn("An entry of the history cannot be kept: {}", reason(e));
        }
    }

    // It never goes back with the wall clock.
    private Instant latest(Instant now) {
        Instant known = through;
        Instant latest = known != null && known.isAfter(now) ? known : now;
        through = latest;
        return latest;
    }

    private void again(boolean beat) {
        lock.lock();
        try {
            due = true;
            beatDue |= beat;
        } finally {
            lock.unlock();
        }
    }

    private void purgeSoon() {
        lock.lock();
        try {
            purgeDue = true;
        } finally {
            lock.unlock();
        }
    }

    private void kept() {
        pause = FIRST_PAUSE;
        lock.lock();
        try {
            reached = true;
            if (state == Storage.State.KEPT) {
                return;
            }
            state = Storage.State.KEPT;
            since = time.now().truncatedTo(ChronoUnit.MILLIS);
            reason = "";
        } finally {
            lock.unlock();
        }
        log.info("The history is kept in the database");
    }

    private void failed(RuntimeException e, Work work) {
        open = false;
        batch = BATCH;
        Duration wait = pause;
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        String why = "the database cannot be used: " + reason(e);
        boolean told;
        lock.lock();
        try {
            told = state == Storage.State.UNAVAILABLE && reason.equals(why);
            if (state != Storage.State.UNAVAILABLE) {
                state = Storage.State.UNAVAILABLE;
                since = time.now().truncatedTo(ChronoUnit.MILLIS);
            }
            reason = why;
            due = true;
            beatDue |= work.beat();
            pausing = true;
        } finally {
            lock.unlock();
        }
        if (!told) {
            log.warn("The history is not kept now, {}. It is tried again, and what happens waits in memory", why);
        }
        var _ = time.after(wait, this::resume);
    }

    private void resume() {
        lock.lock();
        try {
            pausing = false;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    private static String reason(RuntimeException e) {
        String text =
                String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        String line = text.lines().findFirst().orElse("").strip();
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
    }

    private void farewell() {
        try (store) {
            if (open) {
                boolean all = drained(false);
                while (!all) {
                    all = drained(false);
                }
                store.end(run, latest(time.now()));
            }
        } catch (RuntimeException e) {
            log.warn("The last of the history could not be kept: {}", reason(e));
        }
    }

    /** Writes what waits, if that can be done soon. Nothing may be put into the backlog any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Work(boolean beat, boolean purge) {}
}
