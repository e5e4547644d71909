package dev.fleetgateway.status;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.cloudlink.Sync;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.motion.Errand;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The one picture of every machine, kept current from what the other rooms tell. Safe for use by many threads.
 */
public final class Pictures implements Connections.Listener, Leases.Listener {

    // Often enough that a picture gone stale is told within a second or so of its time.
    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final Time time;
    private final Feed feed;
    private final String owner;
    private final Duration staleAfter;
    private final Function<String, Moving> moving;
    private final Function<String, Sync> sync;
    private final ConcurrentMap<String, Watched> watched = new ConcurrentHashMap<>();
    private volatile Listener listener = Listener.NOBODY;
    private volatile Consumer<String> afterStop = _ -> {};
    private volatile Consumer<String> afterCommand = _ -> {};

    /**
     * No pictures yet.
     *
     * @param owner the name of this replica
     * @param moving who moves a machine, asked whenever its picture is made
     * @param sync what is said of its sync, likewise
     * @param staleAfter how long a picture may go without an answer of its machine: two polls
     */
    Pictures(
            Time time,
            Feed feed,
            String owner,
            Duration staleAfter,
            Function<String, Moving> moving,
            Function<String, Sync> sync) {
        this.time = time;
        this.feed = feed;
        this.owner = owner;
        this.staleAfter = staleAfter;
        this.moving = moving;
        this.sync = sync;
    }

    /** The picture of a machine; empty only where there is no such machine. How long its lease lasts is as of now. */
    public Optional<Picture> picture(String machine) {
        Watched known = watched.get(machine);
        if (known != null && moving.apply(machine).lease() != null) {
            known.refresh();
        }
        return feed.picture(machine);
    }

    /** The pictures of all machines, ordered by name. */
    public Collection<Picture> all() {
        return feed.pictures();
    }

    /** The ways to a machine; empty only where there is no such machine. */
    public Optional<Ways> ways(String machine) {
        return Optional.ofNullable(watched.get(machine)).flatMap(Watched::ways);
    }

    /** Their changes. */
    public Feed feed() {
        return feed;
    }

    /** Has every picture told as it is made, from now on, and everything there is at once. There is one listener. */
    public void listen(Listener one) {
        listener = one;
        watched.values().forEach(Watched::refresh);
    }

    /** Keeps a stop of a machine, or of something on it, as its last one. */
    @Override
    public void stopped(StopReport report, Visit by, String reason) {
        LastStop stop = new LastStop(Shown.at(time.now()), by.caller(), reason, report.outcome(), report.resources());
        Watched machine = watched.get(report.machine());
        if (machine != null) {
            machine.stopped(stop);
            afterStop.accept(report.machine());
        }
    }

    /** Who may move a machine has changed. */
    @Override
    public void changed(String machine) {
        Watched known = watched.get(machine);
        if (known != null) {
            known.refresh();
        }
    }

    /** Has every command that may move something told to the one who looks whether it does. */
    void afterCommand(Consumer<String> listener) {
        afterCommand = listener;
    }

    @Override
    public void moved(String machine) {
        afterCommand.accept(machine);
    }

    /** Has every stop told to the one who looks whether it worked. */
    void afterStop(Consumer<String> listener) {
        afterStop = listener;
    }

    /** Where looks at machines tell what they found. */
    MotionWatch.Findings findings() {
        return new MotionWatch.Findings() {
            @Override
            public void found(String machine, Motion motion) {
                Watched known = watched.get(machine);
                if (known != null) {
                    known.moved(motion);
                }
            }

            @Override
            public boolean heard(String machine, Away.Heard news) {
                Watched known = watched.get(machine);
                return known != null && known.heard(news);
            }
        };
    }

    /** Takes in that a command has sent a service of a machine on an errand. */
    void sent(String machine, Errand errand) {
        Watched known = watched.get(machine);
        if (known != null) {
            known.sent(errand);
        }
    }

    @Override
    public void changed(Connection.Snapshot snapshot) {
        String name = snapshot.machine().name();
        watched.computeIfAbsent(
                        name,
                        _ -> new Watched(
                                time, this::tell, owner, staleAfter, () -> moving.apply(name), () -> sync.apply(name)))
                .changed(snapshot);
    }

    @Override
    public void removed(String machine) {
        Watched gone = watched.remove(machine);
        if (gone != null) {
            gone.removed(() -> {
                feed.remove(machine);
                listener.removed(machine);
            });
        }
    }

    private void tell(MachinePicture machine) {
        feed.publish(machine);
        listener.changed(machine);
    }

    /** Looks every second whether a picture has gone stale because nothing is heard of its machine at all. */
    void sweep() {
        time.after(SWEEP, this::sweep);
        watched.values().forEach(Watched::judgeFreshness);
    }

    /** Hears of every picture, one after the other for one machine. It must not block and must not throw. */
    public interface Listener {

        /** Hears nothing. */
        Listener NOBODY = new Listener() {
            @Override
            public void changed(MachinePicture machine) {
                // Nobody asked.
            }

            @Override
            public void removed(String machine) {
                // Nobody asked.
            }
        };

        /** A picture was made, whether or not it differs from the one before. */
        void changed(MachinePicture machine);

        /** The machine left the fleet. */
        void removed(String machine);
    }
}
