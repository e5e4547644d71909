package dev.fleetgateway.cloudlink;

import java.time.Duration;
import java.time.Instant;

/**
 * A moment, by the clock that only goes forward, which decides, and for people.
 *
 * @param nanos a reading of {@link dev.fleetgateway.time.Time#nanos()}
 */
record Moment(long nanos, Instant at) {

    /** How long after that one this is. */
    Duration since(Moment earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }
}
