package dev.fleetgateway.history;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;

/** A store that is away, full or stuck when a test says so. */
final class FakeStore implements Store {

    private static final int MANY = 1_000_000;

    final Map<Entry.Place, Entry> entries = new ConcurrentHashMap<>();
    final AtomicInteger tries = new AtomicInteger();
    final AtomicInteger purges = new AtomicInteger();
    volatile @Nullable Instant through;
    volatile @Nullable Instant ended;
    volatile boolean closed;

    private volatile @Nullable String trouble;
    private volatile @Nullable String poison;
    private final Semaphore answers = new Semaphore(MANY);

    /** It refuses everything, saying why. */
    void refuse(String why) {
        trouble = why;
    }

    /** It does not answer any more. */
    void hang() {
        answers.drainPermits();
    }

    /** It answers so many questions, and no more. */
    void answer(int questions) {
        answers.release(questions);
    }

    /** It cannot hold entries of that machine. */
    void cannotHold(String machine) {
        poison = machine;
    }

    /** It is as it should be. */
    void mend() {
        trouble = null;
        answers.release(MANY);
    }

    @Override
    public void open(Run run) {
        answer();
    }

    @Override
    public void write(Run run, List<Entry> some, @Nullable Instant at) {
        answer();
        if (some.stream().anyMatch(entry -> entry.machine().equals(poison))) {
            throw new DataIntegrityViolationException("no room for " + poison);
        }
        some.forEach(entry -> entries.put(entry.place(), entry));
        through = at == null ? through : at;
    }

    @Override
    public List<Entry> read(Run run, String machine, HistoryQuery query, Instant now) {
        answer();
        return entries.values().stream()
                .filter(entry -> entry.machine().equals(machine))
                .filter(query::asksFor)
                .sorted(Entry.NEWEST_FIRST)
                .limit(query.size() + 1)
                .toList();
    }

    @Override
    public boolean purge(Run run, Instant now, Instant before) {
        answer();
        purges.incrementAndGet();
        entries.values()
                .removeIf(entry -> entry.until() != null && entry.until().isBefore(before));
        return false;
    }

    @Override
    public void end(Run run, Instant at) {
        answer();
        ended = at;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void answer() {
        tries.incrementAndGet();
        try {
            answers.acquire();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        String why = trouble;
        if (why != null) {
            throw new DataAccessResourceFailureException(why);
        }
    }
}
