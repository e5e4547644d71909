package dev.fleetgateway.lease;

import java.time.Instant;

/** A lease as everybody may see it. */
public record LeaseView(String holder, long sequence, Instant since, Instant expiresAt, Protection protection) {}
