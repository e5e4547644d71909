package dev.fleetgateway.history;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One life of one gateway.
 *
 * @param id never the same twice
 * @param replica its name. A next life may have it again, as in a StatefulSet; the pods of a Deployment have another each time
 */
record Run(String id, String replica, Instant startedAt) {

    /** To the millisecond, as every time in the history. */
    Run {
        startedAt = startedAt.truncatedTo(ChronoUnit.MILLIS);
    }
}
