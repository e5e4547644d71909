package dev.fleetgateway.lease;

import java.time.Instant;

/**
 * A lease as its holder sees it, in the members of the contract.
 *
 * @param id a secret: whoever has it, under the same caller's name, may move the machine
 */
public record GrantedLease(
        String id,
        String machine,
        String holder,
        long sequence,
        long windowMillis,
        Instant expiresAt,
        Protection protection) {

    /** Never shows the id. */
    @Override
    public String toString() {
        return "lease " + sequence + " of " + holder + " on " + machine;
    }
}
