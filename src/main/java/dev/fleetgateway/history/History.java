package dev.fleetgateway.history;

import dev.fleetgateway.status.Pictures;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * What became of every machine. The newest is in memory; what is older is asked of the database, where there is one and it answers.
 * Safe for use by many threads.
 */
public final class History implements SmartLifecycle {

    private final Time time;
    private final Run run;
    private final Duration keep;
    private final Backlog backlog = new Backlog();
    private final Recorder recorder;
    private final @Nullable Kept kept;
    private volatile boolean running = true;

    /** Who brings entries into the store, and who reads them there. */
    private record Kept(Writer writer, Reader reader) {}

    /**
     * Nothing known yet.
     *
     * @param store null where nothing is kept
     */
    History(Time time, Run run, Duration keep, @Nullable Store store) {
        this.time = time;
        this.run = run;
        this.keep = keep;
        if (store == null) {
            kept = null;
            recorder = new Recorder(time, run, keep, _ -> {});
        } else {
            Writer writer = new Writer(time, run, store, backlog, keep);
            kept = new Kept(writer, new Reader(time, run, store));
            recorder = new Recorder(time, run, keep, entry -> {
                backlog.put(entry, time.now());
                writer.wake();
            });
        }
    }

    /** Begins to write down what the pictures show. */
    void start(Pictures pictures) {
        pictures.listen(recorder);
        recorder.tidy();
        if (kept != null) {
            kept.writer().start();
        }
    }

    /** A page of the history of a machine. Waits for the database for two seconds at most, and only where memory is not enough. */
    public HistoryPage page(String machine, HistoryQuery query) {
        Instant now = time.now();
        HistoryQuery asked = query.notBefore(now.minus(keep));
        Track.Known known = recorder.known(machine);
        List<Entry> remembered = known.entries().stream()
                .filter(asked::asksFor)
                .sorted(Entry.NEWEST_FIRST)
                .toList();
        Storage storage = storage();
        // One that is full can be read.
        if (kept == null || !kept.writer().reached() || enough(remembered, known, asked)) {
            return cut(remembered, asked, null, storage);
        }
        List<Entry> stored;
        try {
            stored = kept.reader().read(machine, asked, now);
        } catch (UnreadException e) {
            return cut(remembered, asked, null, unread(storage, e, now));
        }
        return cut(merged(machine, known.entries(), stored, asked), asked, last(stored, asked), storage);
    }

    private static Storage unread(Storage storage, UnreadException e, Instant now) {
        return storage.state() == Storage.State.UNAVAILABLE
                ? storage
                : new Storage(
                        e.state(),
                        now.truncatedTo(ChronoUnit.MILLIS),
                        e.getMessage() + ": older entries may be missing here",
                        storage.waiting(),
                        storage.dropped());
    }

    /** Whether what happens is kept. */
    Storage storage() {
        return kept == null
                ? new Storage(
                        Storage.State.NOT_KEPT,
                        run.startedAt(),
                        "neither gateway.history.path nor spring.datasource.url is set: it is forgotten when the gateway stops",
                        0,
                        0)
                : kept.writer().storage();
    }

    /** What waits for the store. */
    Backlog.Load load() {
        return backlog.load();
    }

    private static boolean enough(List<Entry> remembered, Track.Known known, HistoryQuery asked) {
        return remembered.size() > asked.size()
                && remembered.get(asked.size()).since().isAfter(known.completeAfter(asked.part()));
    }

    // What memory has of an entry is newer than what the store has.
    private List<Entry> merged(String machine, List<Entry> remembered, List<Entry> stored, HistoryQuery asked) {
        Map<Entry.Place, Entry> newest = new HashMap<>();
        Stream.of(stored, backlog.of(machine), remembered)
                .flatMap(List::stream)
                .forEach(entry -> newest.put(entry.place(), entry));
        return newest.values().stream()
                .filter(asked::asksFor)
                .sorted(Entry.NEWEST_FIRST)
                .toList();
    }

    // Where the store has more than a page, there is another page, whatever memory made of this one.
    private static Entry.@Nullable Place last(List<Entry> stored, HistoryQuery asked) {
        return stored.size() > asked.size() ? stored.get(asked.size() - 1).place() : null;
    }

    private static HistoryPage cut(List<Entry> all, HistoryQuery asked, Entry.@Nullable Place last, Storage storage) {
        if (all.size() <= asked.size()) {
            return new HistoryPage(all, last, storage);
        }
        List<Entry> page = all.subList(0, asked.size());
        return new HistoryPage(page, page.getLast().place(), storage);
    }

    /** Does nothing: it has begun with its pictures. */
    @Override
    public void start() {
        // Nothing to do.
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the doors are shut, and before the connections are: that the gateway lets go of machines did not happen to them. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 512;
    }

    /** Ends every entry and writes what waits, if that can be done soon. */
    @Override
    public void stop() {
        running = false;
        recorder.end();
        if (kept != null) {
            kept.writer().close();
            kept.reader().close();
        }
    }
}
