package dev.fleetgateway.cloudlink;

import dev.fleetgateway.problem.SettingsException;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a machine is said to have lost its cloud.
 *
 * @param pausedAfter the least time that contact must be missing; 45s to 1h. A machine that hears from its cloud more rarely needs more
 */
public record SyncSettings(@DefaultValue("60s") Duration pausedAfter) {

    /** Refuses what makes no sense: one poll of the cloud that hangs costs a machine 25 s on top of its rhythm (seen live). */
    public SyncSettings {
        if (pausedAfter.compareTo(Duration.ofSeconds(45)) < 0 || pausedAfter.compareTo(Duration.ofHours(1)) > 0) {
            throw new SettingsException(
                    "gateway.sync.paused-after",
                    "is " + pausedAfter.toMillis() + " ms, but must be from 45s to 1h",
                    "Leave it out for 60s.");
        }
    }
}
