package dev.fleetgateway.simulator;

import io.grpc.Status;
import java.util.concurrent.ConcurrentHashMap;

/** How many unary calls may be in flight on one resource, over all callers, Stop included. */
final class RequestLimit {

    static final int MOST = 100;

    // Holds only keys with a call in flight.
    private final ConcurrentHashMap<String, Integer> inFlight = new ConcurrentHashMap<>();

    /** Takes a place, or refuses. */
    void enter(String key) {
        if (inFlight.merge(key, 1, Integer::sum) > MOST) {
            leave(key);
            throw new Refusal(Status.RESOURCE_EXHAUSTED.withDescription(
                    ("exceeded the shared concurrent-request limit of %d on resource %s. This limit is shared across all"
                                    + " clients/modules (your client has 0 in-flight requests). Check the viam-server logs"
                                    + " for 'Request limit exceeded' to find the offending client. See"
                                    + " https://docs.viam.com/monitor/common-errors/#req-limit-exceeded for troubleshooting"
                                    + " steps")
                            .formatted(MOST, key)));
        }
    }

    /** Gives a place back. */
    void leave(String key) {
        inFlight.computeIfPresent(key, (_, places) -> places == 1 ? null : places - 1);
    }
}
