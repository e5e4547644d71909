package dev.fleetgateway.door;

import dev.fleetgateway.access.Caller;
import dev.fleetgateway.access.Visit;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** Who stands at the door. */
final class Callers {

    private Callers() {}

    /** The caller of a request, and where he is seen to come from. */
    static Visit of(HttpServletRequest request) {
        return new Visit(name(request.getUserPrincipal()), request.getRemoteAddr());
    }

    /** The same for a socket. */
    static Visit of(@Nullable Principal principal, @Nullable InetSocketAddress from) {
        return new Visit(
                name(principal),
                from == null || from.getAddress() == null
                        ? ""
                        : from.getAddress().getHostAddress());
    }

    /** The caller's name as access found it; {@code anonymous} where it asks nobody. */
    static String name(@Nullable Principal principal) {
        return principal == null ? Caller.ANONYMOUS.name() : principal.getName();
    }
}
