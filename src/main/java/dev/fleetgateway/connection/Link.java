package dev.fleetgateway.connection;

import dev.fleetgateway.route.Route;
import io.grpc.Channel;
import java.util.concurrent.CompletableFuture;

/** One open way to a machine, over one route. It never reconnects by itself: once it is broken it stays broken. */
public interface Link {

    /** How the {@link #identity} of a machine begins that has a part id, which follows. */
    String PART = "part ";

    /** How it begins where no cloud manages the machine, by its own word. */
    String UNMANAGED = "address ";

    /**
     * Where calls are made. Calls carry the machine's credentials; a call begun after the link broke fails at once with
     * {@code UNAVAILABLE} and creates no stream. Responses come on an event loop, which must not be blocked.
     */
    Channel channel();

    /** The way it takes, as it was last observed. */
    Route route();

    /**
     * Looks which way it takes now: a data channel may go on by another network. Fails where that cannot be seen.
     *
     * @return completes on any thread
     */
    default CompletableFuture<Route> look() {
        return CompletableFuture.completedFuture(route());
    }

    /**
     * Which machine is at the other end: its part id, where it has one, else its observed address. Two links with the same
     * identity lead to the same machine, whatever it is called in the settings.
     */
    default String identity() {
        return route().peer();
    }

    /**
     * Whether a fresh one of the same kind should take its place, which costs a dial. It works meanwhile. Said of a few links at a time,
     * so to be asked only where one could be dialed now.
     */
    default boolean worn() {
        return false;
    }

    /** Whether a call begun now would be sent over it. */
    boolean usable();
}
