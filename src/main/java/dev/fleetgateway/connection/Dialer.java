package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Way;
import org.jspecify.annotations.Nullable;

/** Opens a link to a machine by one way. */
public interface Dialer {

    /** Whether it knows how to dial that kind of way. */
    boolean takes(Way way);

    /**
     * Begins to dial; the rest is told to the listener, on any thread, in order. May read a key from a file: not for an event
     * loop. Ends within the machine's dial timeout.
     */
    Dial dial(Machine machine, Way way, Listener listener);

    /** A dial under way, or the link it became. */
    interface Dial {

        /** Closes what there is, at once: calls in flight end. The listener hears no more. */
        void close();

        /** Takes no call from now on, and closes when the last one in flight has ended. The listener hears no more. */
        void retire();
    }

    /** Hears what becomes of a dial: {@code opened} and later {@code broke}, or {@code failed}. */
    interface Listener {

        /**
         * The machine has accepted the credentials and answered one call.
         *
         * @param software what it says it runs; null where it does not say
         */
        void opened(Link link, MachineReport.@Nullable Software software);

        /** It could not be opened. */
        void failed(FailureKind kind, String reason);

        /** It was open and is no more; it is not coming back. */
        void broke(FailureKind kind, String reason);
    }
}
