package dev.fleetgateway.status;

import dev.fleetgateway.time.Time;
import java.time.Instant;

/**
 * When something was seen: the wall clock's word is shown, the other clock tells what came after what, since wall clocks are set.
 *
 * @param nanos a reading of {@link Time#nanos()}
 */
record Moment(Instant at, long nanos) {

    static Moment now(Time time) {
        return new Moment(time.now(), time.nanos());
    }

    boolean isAfter(Moment other) {
        return nanos - other.nanos > 0;
    }
}
