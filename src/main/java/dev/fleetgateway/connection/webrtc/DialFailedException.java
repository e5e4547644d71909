package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.FailureKind;
import java.io.Serial;

/** A dial cannot go on. The message is for people. */
final class DialFailedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final boolean lineLost;

    DialFailedException(FailureKind kind, String reason) {
        this(kind, reason, false);
    }

    /**
     * The dial fails.
     *
     * @param lineLost whether it is the connection to the signaling server that failed
     */
    DialFailedException(FailureKind kind, String reason, boolean lineLost) {
        super(reason, null, false, false);
        this.kind = kind;
        this.lineLost = lineLost;
    }

    FailureKind kind() {
        return kind;
    }

    boolean lineLost() {
        return lineLost;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
