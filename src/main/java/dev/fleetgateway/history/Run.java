package dev.fleetgateway.history;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One life of one gateway.
 *
 * @param id never the same twice
 * @param replica its name, the same in its next life
 */
record Run(String id, String replica, Instant startedAt) {

    /** To the millisecond, as every time in the history. */
    Run {
        startedAt = startedAt.truncatedTo(ChronoUnit.MILLIS);
    }
}
