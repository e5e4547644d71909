package dev.fleetgateway.lease;

import dev.fleetgateway.problem.SettingsException;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How leases are given.
 *
 * @param defaultWindow how long a lease lives unrenewed where its holder does not say, 2 s
 * @param maxWindow the longest window a holder may ask for, 10 s; the longer, the longer a machine moves after its operator is gone
 */
public record LeaseSettings(
        @DefaultValue("2s") Duration defaultWindow,
        @DefaultValue("10s") Duration maxWindow) {

    /** A shorter window would end by the network's own hiccups. */
    public static final Duration LEAST_WINDOW = Duration.ofMillis(500);

    private static final Duration MOST_WINDOW = Duration.ofMinutes(1);

    /** Refuses what makes no sense. */
    public LeaseSettings {
        check("max-window", maxWindow, MOST_WINDOW, "10s");
        check("default-window", defaultWindow, maxWindow, "2s");
    }

    private static void check(String key, Duration window, Duration most, String otherwise) {
        if (window.compareTo(LEAST_WINDOW) < 0 || window.compareTo(most) > 0) {
            throw new SettingsException(
                    "gateway.lease." + key,
                    "is " + window.toMillis() + " ms, but must be from 500 ms to " + most.toMillis() + " ms",
                    "Leave it out for " + otherwise + ".");
        }
    }
}
