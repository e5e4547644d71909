package dev.fleetgateway.status;

import dev.fleetgateway.command.StopReport;
import java.time.Instant;
import java.util.List;

/**
 * The last stop of a machine through this gateway.
 *
 * @param by who asked for it
 * @param reason why: so far always {@code STOP}, somebody's wish
 */
public record LastStop(
        Instant at, String by, String reason, StopReport.Outcome outcome, List<StopReport.ResourceOutcome> resources) {

    /** Copies the list. */
    public LastStop {
        resources = List.copyOf(resources);
    }
}
