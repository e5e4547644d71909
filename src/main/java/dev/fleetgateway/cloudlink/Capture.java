package dev.fleetgateway.cloudlink;

import dev.fleetgateway.connection.MachineReport;
import org.jspecify.annotations.Nullable;

/** Whether there is something on a machine that captures and uploads. It tells nothing of what it does (seen live). */
enum Capture {
    /** The machine lists one. */
    THERE,
    /** It lists all that it has, and none is among it. */
    NONE,
    /** It has not listed all that it has. */
    NOT_SAID;

    private static final String API = "rdk:service:data_manager";

    static Capture of(@Nullable MachineReport report) {
        if (report == null || report.resourcesObservedAt() == null) {
            return NOT_SAID;
        }
        if (report.resources().stream().anyMatch(resource -> resource.api().equals(API))) {
            return THERE;
        }
        return report.lifecycle() == MachineReport.Lifecycle.RUNNING ? NONE : NOT_SAID;
    }
}
