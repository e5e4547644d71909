package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** What the headers of a call say. */
final class CallHeaders {

    private static final String USER_METADATA = "viam-metadata-";
    private static final Set<String> RESERVED = Set.of("viam-sid", "opid", "authorization", "content-type", "te");

    // What gRPC takes in the name of a key; HTTP would take more.
    private static final Pattern METADATA_KEY = Pattern.compile("[a-z0-9_.-]+");

    private CallHeaders() {}

    /** {@code Request-Timeout}, null where there is none. */
    static @Nullable Duration timeout(HttpServletRequest request) {
        String said = request.getHeader("Request-Timeout");
        if (said == null) {
            return null;
        }
        try {
            Duration timeout = DurationStyle.detectAndParse(said);
            if (!timeout.isNegative() && !timeout.isZero()) {
                return timeout;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Told below.
        }
        throw refused("Request-Timeout", "is '" + said + "', but must be a duration such as 5s or 250ms");
    }

    /** {@code Gateway-Lease}, null where there is none. */
    static @Nullable String lease(HttpServletRequest request) {
        return single(request, "Gateway-Lease");
    }

    /** {@code Viam-Sid}, null where there is none. */
    static @Nullable String session(HttpServletRequest request) {
        String session = single(request, "Viam-Sid");
        return session == null ? null : ascii("Viam-Sid", session);
    }

    // Of two, nobody could say which counts.
    private static @Nullable String single(HttpServletRequest request, String header) {
        List<String> given = Collections.list(request.getHeaders(header));
        if (given.size() > 1) {
            throw refused(header, "is given " + given.size() + " times");
        }
        if (!given.isEmpty() && given.getFirst().isBlank()) {
            throw refused(header, "is empty");
        }
        return given.isEmpty() ? null : given.getFirst();
    }

    /** User metadata, and the trace, to be passed on to the machine; keys in lower case. */
    static Map<String, String> metadata(HttpServletRequest request) {
        Map<String, String> metadata = new HashMap<>();
        var names = request.getHeaderNames();
        while (names.hasMoreElements()) {
            String name = names.nextElement().toLowerCase(Locale.ROOT);
            if (name.startsWith(USER_METADATA)) {
                String key = name.substring(USER_METADATA.length());
                if (!METADATA_KEY.matcher(key).matches()
                        || RESERVED.contains(key)
                        || key.startsWith("grpc-")
                        || key.endsWith("-bin")
                        || key.isEmpty()) {
                    throw refused(name, "is not passed on: that key is not for callers");
                }
                metadata.put(name, ascii(name, request.getHeader(name)));
            } else if (name.equals("traceparent")) {
                metadata.put(name, ascii(name, request.getHeader(name)));
            }
        }
        return metadata;
    }

    private static String ascii(String name, String value) {
        if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw refused(name, "holds something that is not printable ASCII, which metadata cannot carry");
        }
        return value;
    }

    private static ProblemException refused(String header, String detail) {
        return new ProblemException(Problem.invalid(header, "The header " + header + " " + detail + "."));
    }
}
