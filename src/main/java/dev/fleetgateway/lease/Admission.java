package dev.fleetgateway.lease;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.motion.Resource;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A command that may move something and asks to be let through.
 *
 * @param machine the name by which it was called
 * @param lease the id that came with it; null for none
 * @param resource what it names
 * @param operation the id of its operation at the machine
 * @param sticky whether its motion outlasts its answer
 * @param monitored whether the machine ties it to a session
 * @param hold how long the motion of a sticky one may last without a lease; null for none
 * @param unleased how long a call may be present without a lease
 * @param present whether the caller is still there, as far as is known; asked right before it is sent, must not block
 * @param ownSession the {@code viam-sid} of a caller who keeps sessions himself; null for none
 */
public record Admission(
        Visit who,
        String machine,
        @Nullable String lease,
        Resource resource,
        String method,
        String operation,
        boolean sticky,
        boolean monitored,
        @Nullable Duration hold,
        Duration unleased,
        @Nullable String ownSession,
        BooleanSupplier present) {

    /** Never shows an id that is a secret. */
    @Override
    public String toString() {
        return method + " of " + resource + " on " + machine + " by " + who.caller();
    }
}
