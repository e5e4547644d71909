package dev.fleetgateway.time;

import java.time.Duration;
import java.time.Instant;

/**
 * When something was seen: the wall clock's word is for people, the other clock tells what came after what, since wall clocks are set.
 *
 * @param nanos a reading of {@link Time#nanos()}
 */
public record Moment(long nanos, Instant at) {

    /** This moment. */
    public static Moment now(Time time) {
        return new Moment(time.nanos(), time.now());
    }

    /** How long after that one this is; negative where it came before. */
    public Duration since(Moment earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    /** Whether this came after that one. */
    public boolean isAfter(Moment other) {
        return nanos - other.nanos > 0;
    }
}
