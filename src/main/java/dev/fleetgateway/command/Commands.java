package dev.fleetgateway.command;

import dev.fleetgateway.motion.Errand;
import java.util.List;

/** Sends commands to machines. Safe for use by many threads. Failures are {@code ProblemException}s, everywhere. */
public interface Commands {

    /**
     * Begins one unary call. What is known at once (no such machine, resource or method, bad JSON, not allowed without a
     * lease, too many calls) is thrown; all else comes with the answer. May block on the first call of a service to a
     * machine, while its descriptors are fetched, and while a session is opened: not for an event loop.
     */
    PendingCall call(Call call);

    /** How many calls of callers are in flight on a machine now, STOPs not counted. */
    int inFlight(String machine);

    /**
     * The resources of a machine with the methods of each. Blocks while descriptors are fetched.
     */
    List<ResourceListing> resources(String machine);

    /** Has what commands do to services that go on by themselves told from now on. There is one listener. */
    void listen(Listener one);

    /** Hears of it on an event loop: it must not block and must not throw. */
    interface Listener {

        /** Hears nothing. */
        Listener NOBODY = new Listener() {
            @Override
            public void sent(String machine, Errand errand) {
                // Nobody asked.
            }

            @Override
            public void calledBack(String machine) {
                // Nobody asked.
            }
        };

        /** The machine said OK to a command that sends a service on an errand. */
        void sent(String machine, Errand errand);

        /** The machine said OK to a command that ends one. */
        void calledBack(String machine);
    }
}
