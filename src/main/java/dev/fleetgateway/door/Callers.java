package dev.fleetgateway.door;

import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** Who stands at the door, for the record. */
final class Callers {

    private Callers() {}

    /** The caller's name as access found it; {@code anonymous} where it asks nobody. */
    static String name(@Nullable Principal principal) {
        return principal == null ? "anonymous" : principal.getName();
    }
}
