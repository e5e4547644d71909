package dev.fleetgateway.history;

import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Reads from the store for whoever asks, one after the other on a thread of its own, so that nobody waits for it for long. */
final class Reader implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** With an answer in a few milliseconds all of these have theirs in time. */
    static final int MOST_WAITING = 256;

    /** After a question without an answer so long none is asked: nobody else shall wait for the same. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private final Time time;
    private final Run run;
    private final Store store;
    private final ThreadPoolExecutor thread;
    private final AtomicLong answered = new AtomicLong();
    private volatile @Nullable Long unanswered;

    Reader(Time time, Run run, Store store) {
        this.time = time;
        this.run = run;
        this.store = store;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("gateway-history-reader").factory());
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Entries as asked for, the newest first: one more than a page, where there are as many.
     *
     * @throws UnreadException where the store does not answer, or not soon enough to all who ask now
     */
    List<Entry> read(String machine, HistoryQuery query, Instant now) throws UnreadException {
        Long lately = unanswered;
        if (lately != null && time.since(lately).compareTo(PAUSE) < 0) {
            throw new UnreadException(Storage.State.UNAVAILABLE, "the database did not answer lately", null);
        }
        List<Entry> answer = ask(machine, query, now);
        unanswered = null;
        return answer;
    }

    private List<Entry> ask(String machine, HistoryQuery query, Instant now) throws UnreadException {
        FutureTask<List<Entry>> question = new FutureTask<>(() -> {
            try {
                return store.read(run, machine, query, now);
            } finally {
                answered.incrementAndGet();
            }
        });
        long before = answered.get();
        try {
            thread.execute(question);
            return question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw tooMany(e);
        } catch (TimeoutException e) {
            // Without interrupting it: an embedded database would close its file.
            question.cancel(false);
            thread.remove(question);
            if (answered.get() != before) {
                throw tooMany(e);
            }
            unanswered = time.nanos();
            throw new UnreadException(
                    Storage.State.UNAVAILABLE, "the database did not answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            // It did answer: another question may be one that it can.
            throw new UnreadException(Storage.State.UNAVAILABLE, "the database could not be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreadException(Storage.State.UNAVAILABLE, "the gateway is shutting down", e);
        }
    }

    private static UnreadException tooMany(Exception e) {
        return new UnreadException(Storage.State.BEHIND, "too many ask the database at once", e);
    }

    /** Reads nothing any more. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
