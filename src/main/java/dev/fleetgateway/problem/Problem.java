package dev.fleetgateway.problem;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that went wrong, as every door tells it (RFC 9457).
 *
 * @param detail what happened, for how long, in which state, and what to do next; never holds a secret or a stack trace
 * @param machine the machine concerned
 * @param route the kind of route in use, {@code LAN}, {@code WAN} or {@code INTERNET}
 * @param grpcStatus the machine's own status code by name, where it gave one
 * @param outcome what is known of the command; null where no command was involved
 * @param retryable whether the same request may succeed later without a change
 * @param retryAfter how long to wait before it
 * @param more further members, such as {@code field} or {@code stop}, in the order to be shown
 */
public record Problem(
        ProblemCode code,
        String detail,
        @Nullable String machine,
        @Nullable String route,
        @Nullable String grpcStatus,
        @Nullable Outcome outcome,
        boolean retryable,
        @Nullable Duration retryAfter,
        Map<String, Object> more) {

    /** Copies the further members, so that a problem never changes. */
    public Problem {
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    /** A problem of which nothing but code and detail is known. */
    public static Problem of(ProblemCode code, String detail) {
        return new Problem(code, detail, null, null, null, null, false, null, Map.of());
    }

    /** Bad input, with the field, parameter or header that was bad. */
    public static Problem invalid(String field, String detail) {
        return of(ProblemCode.REQUEST_INVALID, detail).with("field", field);
    }

    /** The same with the machine concerned. */
    public Problem on(String machine) {
        return new Problem(code, detail, machine, route, grpcStatus, outcome, retryable, retryAfter, more);
    }

    /** The same with the kind of route that was in use. */
    public Problem over(@Nullable String route) {
        return new Problem(code, detail, machine, route, grpcStatus, outcome, retryable, retryAfter, more);
    }

    /** The same with what is known of the command. */
    public Problem outcome(Outcome outcome) {
        return new Problem(code, detail, machine, route, grpcStatus, outcome, retryable, retryAfter, more);
    }

    /** The same with the machine's own status code. */
    public Problem grpc(String grpcStatus) {
        return new Problem(code, detail, machine, route, grpcStatus, outcome, retryable, retryAfter, more);
    }

    /** The same, worth trying again after a while. */
    public Problem retryAfter(Duration wait) {
        return new Problem(code, detail, machine, route, grpcStatus, outcome, true, wait, more);
    }

    /** The same with one further member. */
    public Problem with(String member, Object value) {
        Map<String, Object> members = new LinkedHashMap<>(more);
        members.put(member, value);
        return new Problem(code, detail, machine, route, grpcStatus, outcome, retryable, retryAfter, members);
    }

    /** The members as they are written, in the order of the contract; {@code instance} and {@code traceId} may be null. */
    public Map<String, @Nullable Object> toMembers(@Nullable String instance, @Nullable String traceId) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("type", "urn:fleet-gateway:problem:" + code.code());
        members.put("title", code.title());
        members.put("status", code.status());
        members.put("detail", detail);
        members.put("instance", instance);
        members.put("code", code.code());
        members.put("machine", machine);
        members.put("route", route);
        members.put("grpcStatus", grpcStatus);
        members.put("outcome", outcome == null ? null : outcome.name());
        members.put("retryable", retryable);
        members.put("retryAfterMillis", retryAfter == null ? null : retryAfter.toMillis());
        members.put("traceId", traceId);
        members.putAll(more);
        return members;
    }
}
