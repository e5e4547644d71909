package dev.fleetgateway.door;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** What every answer tells browsers not to do with it, the container's own answers included. */
final class SecurityHeaders {

    private SecurityHeaders() {}

    /** Sets them all; a handler may set its own in their place afterwards. */
    static void set(@Nullable String path, HttpServletResponse response) {
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Harmless where there is no HTML, and so cannot be forgotten where there is.
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Vary", "Origin");
        if (path == null || path.startsWith("/api")) {
            response.setHeader("Cache-Control", "no-store");
        }
    }
}
