package dev.fleetgateway.connection;

import dev.fleetgateway.route.Route;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;

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

    /**
     * Says which machines are held, from now on: a lease pins the connection as it is, until it ends or the connection dies.
     *
     * @param held asked with a machine's name; must not block
     */
    void pinWhile(Predicate<String> held);

    /** Hears what happens to connections. */
    interface Listener {

        /** State, route, candidates or report changed, or were confirmed by a new answer. */
        void changed(Connection.Snapshot snapshot);

        /**
         * Another route carries now, or the same again.
         *
         * @param without how long none did, from when the machine was last heard of or the connection closed; zero where the one before
         *     was left while it was good
         */
        default void moved(String machine, Route from, Route to, Duration without) {}

        /** The machine left the fleet. */
        void removed(String machine);
    }
}
