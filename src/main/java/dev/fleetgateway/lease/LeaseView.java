package dev.fleetgateway.lease;

import java.time.Instant;

/**
 * A lease as everybody may see it.
 *
 * @param implicit whether it was given for calls without a lease, and ends with them
 */
public record LeaseView(
        String holder, long sequence, Instant since, Instant expiresAt, Protection protection, boolean implicit) {}
