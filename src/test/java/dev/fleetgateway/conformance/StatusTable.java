package dev.fleetgateway.conformance;

import io.grpc.Status;

/** The HTTP status that goes with a machine's own error, read from the table of design.md 5.5. */
final class StatusTable {

    private StatusTable() {}

    static int http(Status status) {
        String text = status.getDescription() == null ? "" : status.getDescription();
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, FAILED_PRECONDITION -> 400;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case DEADLINE_EXCEEDED -> 504;
            case UNKNOWN -> text.contains("no node found") ? 404 : text.contains("not available; reason=") ? 503 : 502;
            default -> 502;
        };
    }
}
