package dev.fleetgateway.problem;

import java.util.Locale;

/** Every reason a door may give for saying no, with its HTTP status and a title that never changes. */
public enum ProblemCode {
    REQUEST_INVALID(400, "The request is not valid"),
    MACHINE_PRECONDITION(400, "The machine is not in a state for this"),
    UNAUTHENTICATED(401, "Who are you?"),
    FORBIDDEN(403, "Not allowed for you"),
    MACHINE_REFUSED(403, "The machine refused"),
    METHOD_CLOSED(403, "This method is closed here"),
    ORIGIN_REFUSED(403, "This origin or host is not allowed"),
    MACHINE_UNKNOWN(404, "No such machine"),
    RESOURCE_UNKNOWN(404, "No such resource"),
    METHOD_UNKNOWN(404, "No such method"),
    OPERATION_UNKNOWN(404, "No such operation"),
    PATH_UNKNOWN(404, "Nothing is here"),
    METHOD_NOT_ALLOWED(405, "HTTP method not allowed here"),
    NOT_ACCEPTABLE(406, "Not available in the form asked for"),
    LEASE_HELD(409, "Somebody else holds this machine"),
    LEASE_STALE(409, "This lease was taken over"),
    LEASE_LOST(409, "This lease has ended"),
    LEASE_STOPPED(409, "This lease is suspended by a stop"),
    LEASE_UNKNOWN(409, "No such lease"),
    MACHINE_CONFLICT(409, "The machine reports a conflict"),
    CALL_INTERRUPTED(409, "The call was stopped before its end"),
    REQUEST_TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    LEASE_REQUIRED(428, "Moving a machine needs a lease"),
    SESSION_REQUIRED(428, "Moving this machine needs a session of your own"),
    MACHINE_BUSY(429, "The machine has too many calls in flight"),
    TOO_MANY_CALLS(429, "Too many calls in flight"),
    CALL_CANCELLED(499, "The caller cancelled the call"),
    INTERNAL(500, "The gateway failed"),
    METHOD_UNIMPLEMENTED(501, "The machine does not implement this"),
    NOT_AVAILABLE_HERE(501, "Not available here"),
    CONNECTION_LOST(502, "The connection to the machine was lost"),
    MACHINE_ERROR(502, "The machine reports an error"),
    MACHINE_AUTH_FAILED(502, "The machine did not accept the gateway's credentials"),
    STOP_INCOMPLETE(502, "Not everything is known to stand"),
    MACHINE_UNREACHABLE(503, "The machine cannot be reached"),
    MACHINE_INITIALIZING(503, "The machine is still starting"),
    RESOURCE_UNAVAILABLE(503, "The resource is not available"),
    DRAINING(503, "This gateway is shutting down"),
    CALL_TIMEOUT(504, "The machine did not answer in time");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status that goes with it. */
    public int status() {
        return status;
    }

    /** A short title, the same each time. */
    public String title() {
        return title;
    }

    /** The code as callers see it, such as {@code lease-held}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
