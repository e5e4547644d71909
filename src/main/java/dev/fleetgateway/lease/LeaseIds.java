package dev.fleetgateway.lease;

import java.security.SecureRandom;
import java.util.Base64;

/** Ids of leases: secrets that nobody can guess, and that stand in a header and in a URL as they are. */
final class LeaseIds {

    private static final int BYTES = 18;

    private static final SecureRandom RANDOM = new SecureRandom();

    private LeaseIds() {}

    static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
