package dev.fleetgateway.lease;

import java.time.Duration;
import java.time.Instant;

/**
 * The right to move one machine, once granted. Immutable; how long it lasts is in {@link LeaseState}.
 *
 * @param id by which its holder proves it; a secret
 * @param holder the caller's name
 * @param sequence grows with every lease of the machine
 * @param window how long it lives unrenewed
 * @param implicit whether it was given for a call without a lease, and ends with the last such call of its holder
 * @param reason what the holder said that it is for
 */
record Lease(String id, String holder, long sequence, Duration window, Instant since, boolean implicit, String reason) {

    /** Never shows the id. */
    @Override
    public String toString() {
        return (implicit ? "implicit lease " : "lease ") + sequence + " of " + holder;
    }
}
