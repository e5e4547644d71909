package dev.fleetgateway.cloudlink;

import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.time.Moment;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one answer of a machine said of its configuration.
 *
 * @param moment when it was asked for, and for people when it came
 * @param value when the machine last heard from its cloud, or started, by its own clock, which may be wrong and may jump
 * @param life another after the machine started anew or took another configuration: what moved the value then was not its cloud
 * @param movedBefore whether the value is another than that of this life's beginning, so that it had moved before
 * @param busy whether the machine does something that keeps it from hearing from its cloud
 */
record Reading(Moment moment, Instant value, String life, boolean movedBefore, boolean busy) {

    /** A machine that starts builds its own workings, and takes its configuration some milliseconds later (seen live). */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    /**
     * What a report has of it; null where that is nothing.
     *
     * @param losses how often the connection was lost: all there is to tell a start by where a machine says no more
     */
    static @Nullable Reading of(MachineReport report, int losses) {
        MachineReport.Configuration told = report.configuration();
        if (told == null || told.updatedAt() == null) {
            return null;
        }
        Instant built = told.builtAt();
        return new Reading(
                new Moment(told.askedNanos(), told.observedAt().truncatedTo(ChronoUnit.MILLIS)),
                told.updatedAt(),
                told.revision() + " " + (built == null ? "after loss " + losses : built),
                // Either way, since its clock may have been set back. What was built or broke later tells nothing.
                built == null || Duration.between(built, told.updatedAt()).abs().compareTo(AT_ONCE) > 0,
                !told.busy().isEmpty() || report.lifecycle() == MachineReport.Lifecycle.INITIALIZING);
    }
}
