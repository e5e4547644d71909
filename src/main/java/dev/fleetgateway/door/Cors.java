package dev.fleetgateway.door;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a browser wants to be told before it lets a page of an allowed origin call, and read what it got. */
final class Cors {

    private static final String METHODS = "GET, HEAD, POST, PATCH, DELETE";
    private static final Set<String> REQUEST_HEADERS = Set.of(
            "accept",
            "authorization",
            "content-type",
            "gateway-lease",
            "idempotency-key",
            "if-none-match",
            "last-event-id",
            "prefer",
            "request-timeout",
            "traceparent",
            "tracestate",
            "viam-sid");
    // The browser takes no prefix, so each Gateway-* header is spelled out.
    private static final String EXPOSED =
            "Gateway-Route, Gateway-Operation, Gateway-Replica, Gateway-Hold-Until, Location, Retry-After, ETag, Preference-Applied";

    private Cors() {}

    /** Lets the origin read the answer. Never with credentials: our cookie is for our own origin only. */
    static void allow(String origin, HttpServletResponse response) {
        response.setHeader("Access-Control-Allow-Origin", origin);
        response.setHeader("Access-Control-Expose-Headers", EXPOSED);
        response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    }

    /** Whether the browser only asks whether it may. */
    static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS") && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** Answers with the methods and headers of ours; of those asked for, the rest is left out, and the browser then refuses. */
    static void answerPreflight(HttpServletRequest request, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.addHeader("Vary", "Access-Control-Request-Headers");
        response.setHeader("Access-Control-Allow-Methods", METHODS);
        String asked = request.getHeader("Access-Control-Request-Headers");
        if (asked != null) {
            response.setHeader("Access-Control-Allow-Headers", ours(asked));
        }
        response.setHeader("Access-Control-Max-Age", "600");
        if (request.getHeader("Access-Control-Request-Private-Network") != null) {
            response.setHeader("Access-Control-Allow-Private-Network", "true");
        }
    }

    private static String ours(String asked) {
        return Arrays.stream(asked.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .filter(name -> REQUEST_HEADERS.contains(name) || name.matches("viam-metadata-[a-z0-9_-]+"))
                .collect(Collectors.joining(", "));
    }
}
