package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A request on a socket that is not as JSON-RPC 2.0, or this door, wants it. An answer, not a defect: no stack trace. */
final class RpcException extends RuntimeException {

    static final int NOT_JSON = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL = -32603;

    @Serial
    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient @Nullable Problem problem;

    RpcException(int code, String message) {
        this(code, message, null);
    }

    private RpcException(int code, String message, @Nullable Problem problem) {
        super(message, null, false, false);
        this.code = code;
        this.problem = problem;
    }

    /** Bad params, with the member that was bad. */
    static RpcException params(String member, String message) {
        return new RpcException(INVALID_PARAMS, message, Problem.invalid(member, message));
    }

    int code() {
        return code;
    }

    /** The same as the other doors would tell it. */
    @Nullable
    Problem problem() {
        return problem;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
