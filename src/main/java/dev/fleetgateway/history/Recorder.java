package dev.fleetgateway.history;

import dev.fleetgateway.status.MachinePicture;
import dev.fleetgateway.status.Pictures;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Writes down how the pictures change, in memory first. Safe for use by many threads; nothing here blocks. */
final class Recorder implements Pictures.Listener {

    /** Entries of one part of a machine that have ended: what floods one takes nothing from another. */
    static final int MOST_OF_PART = 1_000;

    /** The same of all machines together, some 30 MB: with more than twenty machines each has less. */
    private static final int MOST_OF_ALL = 100_000;

    /**
     * However many machines there are, each has as many of a part: an outage is a handful. With ten thousand machines that is 200,000, and
     * 50,000 that last: some 70 MB.
     */
    static final int LEAST_OF_PART = 4;

    /** Machines that left the fleet and are remembered, should they come back, as one does whose settings change. */
    static final int MOST_GONE = 100;

    private static final Duration TIDY = Duration.ofMinutes(10);

    private final Time time;
    private final Run run;
    private final Duration keep;
    private final Consumer<Entry> news;
    private final ConcurrentMap<String, Track> tracks = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean ended;

    /**
     * Nothing written down yet.
     *
     * @param news told of every entry that began or ended; must not block
     */
    Recorder(Time time, Run run, Duration keep, Consumer<Entry> news) {
        this.time = time;
        this.run = run;
        this.keep = keep;
        this.news = news;
    }

    @Override
    public void changed(MachinePicture machine) {
        if (ended) {
            return;
        }
        Instant now = time.now();
        Track track = tracks.computeIfAbsent(
                machine.name(), name -> new Track(run.id(), run.startedAt(), name, numbers::incrementAndGet, news));
        int most = most();
        for (Part part : Part.values()) {
            track.see(part, Observed.of(machine, part, now), machine.owner(), now, most);
        }
    }

    @Override
    public void removed(String machine) {
        Track track = tracks.get(machine);
        if (track == null || ended) {
            return;
        }
        track.removed(time.now(), most());
        long gone = tracks.values().stream().filter(one -> !one.watched()).count();
        if (gone > MOST_GONE) {
            tracks.values().removeIf(one -> one != track && !one.watched());
        }
    }

    private int most() {
        return Math.clamp(MOST_OF_ALL / Math.max(1, tracks.size() * Part.values().length), LEAST_OF_PART, MOST_OF_PART);
    }

    /** What is remembered of a machine. */
    Track.Known known(String machine) {
        Track track = tracks.get(machine);
        return track == null ? Track.Known.nothing(run.startedAt()) : track.known();
    }

    /** Forgets now and then what is too old, and what is too much since the fleet grew. */
    void tidy() {
        if (!ended) {
            var _ = time.after(TIDY, this::tidy);
            Instant before = time.now().minus(keep);
            int most = most();
            tracks.values().forEach(track -> track.forget(before, most));
        }
    }

    /** Writes nothing down from now on. */
    void end() {
        ended = true;
    }
}
