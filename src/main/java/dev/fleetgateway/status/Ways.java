package dev.fleetgateway.status;

import dev.fleetgateway.machine.RoutePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ways to a machine, told also where none of them carries.
 *
 * @param route the one in use, null where nothing carries
 */
public record Ways(
        MachinePicture.@Nullable Route route, RoutePolicy policy, List<MachinePicture.Candidate> candidates) {

    /** Copies the list. */
    public Ways {
        candidates = List.copyOf(candidates);
    }
}
