package dev.fleetgateway.command;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of operations, which a machine takes as UUIDs. No two are equal: one half tells this life of the gateway from every other,
 * the other half counts. They are no secrets (nothing is allowed to anybody for knowing one), so the second half is not drawn from a
 * source that costs a system call, unlike the ids of leases and sessions.
 */
final class OperationIds {

    private static final long VERSION = 0x4000L;
    private static final long VARIANT = 1L << 63;
    private static final long COUNTED = (1L << 62) - 1;

    // Odd, so that multiplying by it is one to one: neighbours look different and are.
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final long life = (new SecureRandom().nextLong() & ~0xF000L) | VERSION;
    private final AtomicLong count = new AtomicLong();

    /** One more. */
    String next() {
        return new UUID(life, VARIANT | ((count.incrementAndGet() * SPREAD) & COUNTED)).toString();
    }
}
