package dev.fleetgateway.connection;

import java.util.Collection;
import java.util.Optional;

/** The connections to all machines of the fleet. Safe for use by many threads. */
public interface Connections {

    /** The connection to the machine of that name; empty only where there is no such machine. */
    Optional<Connection> connection(String machine);

    /** All of them. */
    Collection<Connection> all();

    /**
     * Announces every change from now on, and everything there is at once.
     *
     * @param listener is told one after the other per machine, must not block and must not throw
     */
    void listen(Listener listener);

    /** Hears what happens to connections. */
    interface Listener {

        /** State, route, candidates or report changed, or were confirmed by a new answer. */
        void changed(Connection.Snapshot snapshot);

        /** The machine left the fleet. */
        void removed(String machine);
    }
}
