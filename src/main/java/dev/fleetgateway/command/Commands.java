package dev.fleetgateway.command;

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
}
