package dev.fleetgateway.history;

import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads from the store for whoever asks, one after the other on a thread of its own, so that nobody waits for it for long. */
final class Reader implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Who would have to wait longer behind others is told so. */
    private static final int MOST_WAITING = 32;

    /** After a question without an answer so long none is asked: nobody else shall wait for the same. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private final Time time;
    private final Run run;
    private final Store store;
    private final ThreadPoolExecutor thread;
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
     * @throws UnreadException where the store does not answer, or not soon enough
     */
    List<Entry> read(String machine, HistoryQuery query, Instant now) throws UnreadException {
        Long lately = unanswered;
        if (lately != null && time.since(lately).compareTo(PAUSE) < 0) {
            throw new UnreadException("the database did not answer lately", null);
        }
        try {
            List<Entry> answer = ask(machine, query, now);
            unanswered = null;
            return answer;
        } catch (UnreadException e) {
            unanswered = time.nanos();
            throw e;
        }
    }

    private List<Entry> ask(String machine, HistoryQuery query, Instant now) throws UnreadException {
        Future<List<Entry>> answer;
        try {
            answer = thread.submit(() -> store.read(run, machine, query, now));
        } catch (RejectedExecutionException e) {
            throw new UnreadException("too many others read from the database", e);
        }
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Without interrupting it: an embedded database would close its file.
            answer.cancel(false);
            throw new UnreadException("the database did not answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new UnreadException("the database could not be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreadException("the gateway is shutting down", e);
        }
    }

    /** Reads nothing any more. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
