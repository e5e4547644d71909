package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;

/** Writes a problem as {@code application/problem+json}: the one way in which any door, filter or the container says no. */
final class Problems {

    static final String MEDIA_TYPE = "application/problem+json";

    private static final String TRACE_ATTRIBUTE = Problems.class.getName() + ".trace";
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");
    // They describe a body that is not sent now.
    private static final Set<String> BODY_HEADERS =
            Set.of("content-type", "content-length", "content-encoding", "content-language", "etag", "last-modified");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Problems() {}

    /**
     * Answers with the problem in place of whatever was written so far, keeping headers that were set. Does nothing to an
     * answer that has begun to leave: it cannot be taken back.
     */
    static void write(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        forgetBody(response);
        response.setStatus(problem.code().status());
        response.setContentType(MEDIA_TYPE);
        Duration wait = problem.retryAfter();
        if (wait != null) {
            response.setHeader("Retry-After", Long.toString(wholeSeconds(wait)));
        }
        if (problem.more().get("allow") instanceof String allowed) {
            response.setHeader("Allow", allowed);
        }
        byte[] body = json(problem, request.getRequestURI(), traceId(request));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** The problem's members as UTF-8 JSON, in the order of the contract. */
    static byte[] json(Problem problem, @Nullable String instance, @Nullable String traceId) {
        return JSON.writeValueAsBytes(problem.toMembers(instance, traceId));
    }

    /** The trace the request belongs to: the one in the log's context, else the one the caller named, else null. */
    static @Nullable String traceId(HttpServletRequest request) {
        String logged = MDC.get("traceId");
        if (logged != null) {
            return logged;
        }
        if (request.getAttribute(TRACE_ATTRIBUTE) instanceof String made) {
            return made;
        }
        String traceparent = request.getHeader("traceparent");
        if (traceparent == null) {
            return null;
        }
        Matcher matcher = TRACEPARENT.matcher(traceparent);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** The same, made up where there is none, so that a defect's log line can be found from the answer. */
    static String traceIdOrNew(HttpServletRequest request) {
        String known = traceId(request);
        if (known != null) {
            return known;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String made = "%016x%016x".formatted(random.nextLong(), random.nextLong());
        request.setAttribute(TRACE_ATTRIBUTE, made);
        return made;
    }

    private static void forgetBody(HttpServletResponse response) {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        for (String name : response.getHeaderNames()) {
            if (!BODY_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                kept.put(name, List.copyOf(response.getHeaders(name)));
            }
        }
        // A whole reset, since a handler that took the writer has barred the output stream until then.
        response.reset();
        kept.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    }

    private static long wholeSeconds(Duration wait) {
        // Rounded up: a caller who comes back too early has gained nothing.
        return Math.max(0, Math.ceilDiv(wait.toMillis(), 1000L));
    }
}
