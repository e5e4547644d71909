package dev.fleetgateway.cloudlink;

import dev.fleetgateway.connection.MachineReport;
import org.jspecify.annotations.Nullable;

/** Whether a cloud manages a machine, by the machine's own word. It says so offline too, so that this tells nothing of contact. */
enum Management {
    /** It has a part id. */
    MANAGED,
    /** It has none. */
    NONE,
    /** It has not been asked yet. */
    NOT_SAID;

    static Management of(@Nullable MachineReport report) {
        if (report == null || report.partId() == null) {
            return NOT_SAID;
        }
        return report.partId().isEmpty() ? NONE : MANAGED;
    }
}
