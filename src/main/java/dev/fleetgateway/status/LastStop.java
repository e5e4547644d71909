package dev.fleetgateway.status;

import dev.fleetgateway.motion.StopReport;
import java.time.Instant;
import java.util.List;

/**
 * The last stop of a machine through this gateway.
 *
 * @param by who asked for it
 * @param reason why: {@code STOP} is somebody's wish, {@code RELEASED}, {@code EXPIRED}, {@code TAKEN} and their like the end of a lease,
 *     {@code HOLD_ENDED}, {@code UNLEASED_LIMIT}, {@code LINGER}, {@code CANCEL} and {@code UNANSWERED} that of a command
 */
public record LastStop(
        Instant at, String by, String reason, StopReport.Outcome outcome, List<StopReport.ResourceOutcome> resources) {

    /** Copies the list. */
    public LastStop {
        resources = List.copyOf(resources);
    }
}
