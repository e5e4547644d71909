package dev.fleetgateway.cloudlink;

import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.connection.MachineReport.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether there is something on a machine that captures and uploads. It tells nothing of what it does (seen live). */
sealed interface Capture {

    /** The machine lists one that is ready. */
    record There() implements Capture {}

    /**
     * It lists one that does not work, or not yet.
     *
     * @param why in words
     */
    record NotReady(String why) implements Capture {}

    /** It lists all that it has, and none is among it. */
    record None() implements Capture {}

    /** It has not listed all that it has. */
    record NotSaid() implements Capture {}

    /** What a report says of it. */
    static Capture of(@Nullable MachineReport report) {
        if (report == null || report.resourcesObservedAt() == null) {
            return new NotSaid();
        }
        List<Resource> listed = report.resources().stream()
                .filter(resource -> resource.api().equals("rdk:service:data_manager"))
                .toList();
        if (listed.stream().anyMatch(resource -> resource.state().equals("READY"))) {
            return new There();
        }
        if (!listed.isEmpty()) {
            Resource first = listed.getFirst();
            return new NotReady(first.reason().isEmpty() ? first.state() : first.state() + ": " + first.reason());
        }
        return report.lifecycle() == MachineReport.Lifecycle.RUNNING ? new None() : new NotSaid();
    }
}
