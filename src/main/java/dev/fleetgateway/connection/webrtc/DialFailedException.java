package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.FailureKind;
import java.io.Serial;

/** A dial cannot go on. The message is for people. */
final class DialFailedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    DialFailedException(FailureKind kind, String reason) {
        super(reason, null, false, false);
        this.kind = kind;
    }

    FailureKind kind() {
        return kind;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
