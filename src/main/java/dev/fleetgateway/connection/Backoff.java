package dev.fleetgateway.connection;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next dial. Grows by 1.6 from 1 s to 30 s, spread by a fifth each way, so that a fleet that lost
 * its network does not come back in one instant. What only a change of settings can mend is tried from 30 s up to 5 min.
 *
 * @param random gives numbers from 0 to 1
 */
record Backoff(DoubleSupplier random) {

    private static final double GROWTH = 1.6;
    private static final double SPREAD = 0.2;

    /** The wait after that many failures in a row, counted from 1. */
    Duration after(int failures, FailureKind kind) {
        double least = kind.settings() ? 30_000 : 1_000;
        double most = kind.settings() ? 300_000 : 30_000;
        double millis = Math.min(most, least * Math.pow(GROWTH, Math.min(failures, 20) - 1));
        return spread(millis);
    }

    /** The wait before the first dial after a connection that was good broke: short, but not the same for all. */
    Duration afterLoss() {
        return Duration.ofMillis((long) (50 + 450 * random.getAsDouble()));
    }

    /** A time between half of it and the whole: spreads what would else happen at once. */
    Duration part(Duration whole) {
        return Duration.ofMillis((long) (whole.toMillis() * (0.5 + 0.5 * random.getAsDouble())));
    }

    private Duration spread(double millis) {
        return Duration.ofMillis((long) (millis * (1 - SPREAD + 2 * SPREAD * random.getAsDouble())));
    }
}
