package dev.fleetgateway.simulator;

import io.grpc.Status;
import java.io.Serial;

/** Ends a call with a status other than OK. It has no stack trace: it is an answer, not a defect. */
final class Refusal extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Status status;

    /** Ends the call with exactly this status. */
    Refusal(Status status) {
        super(status.getDescription(), null, false, false);
        this.status = status;
    }

    /** What a driver's plain error becomes on the wire: code 2 with its text. */
    static Refusal of(String text) {
        return new Refusal(Status.UNKNOWN.withDescription(text));
    }

    Status status() {
        return status;
    }
}
