package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The one connection to a machine. Safe for use by many threads; nothing here blocks. */
public interface Connection {

    /** The machine it leads to. */
    Machine machine();

    /** Everything known of it, at one moment. */
    Snapshot snapshot();

    /** The live link, where the state is {@code READY}. */
    Optional<Link> link();

    /**
     * A link that may carry a stop, also where the machine is not known to answer: a stop is worth trying on any connection, and
     * may be sent twice.
     */
    Optional<Link> linkForStop();

    /**
     * Dials once more beside what is there, whatever the state, for a stop that got no answer: another way where there is one, else
     * the same anew. Nothing of it is seen in a snapshot.
     *
     * @return fails where no way opens within the given time
     */
    CompletableFuture<Aside> dialAside(Duration within);

    /**
     * Something else than the connection's own polls says that nobody answers on that link any more, such as beats of a session: the
     * machine is asked at once, and another way is dialed beside it. Nothing where that link does not carry.
     */
    void doubt(Link doubted, String reason);

    /** Drops what is there and dials now, also where it was parked. */
    void connect(String reason);

    /** Closes and parks it until {@link #connect}. */
    void disconnect(String reason);

    /** A link of one's own beside the connection. It must be closed. */
    interface Aside extends AutoCloseable {

        /** Where calls are made. */
        Link link();

        /** Closes it; calls in flight on it end. */
        @Override
        void close();
    }

    /**
     * A connection at one moment.
     *
     * @param route null where nothing carries
     * @param candidates every way known, the one in use included
     * @param report what the machine last said, kept while it is away; null if it never answered
     * @param missedPolls polls in a row without an answer
     */
    record Snapshot(
            Machine machine,
            ConnectionState state,
            @Nullable Route route,
            List<Candidate> candidates,
            @Nullable MachineReport report,
            int missedPolls) {

        /** Copies the list, so that a snapshot never changes. */
        public Snapshot {
            candidates = List.copyOf(candidates);
        }
    }
}
