package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.status.Frame;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this door says on a socket, as JSON-RPC 2.0. */
final class RpcReply {

    private static final int PROBLEM = -32000;

    private RpcReply() {}

    /** The answer to a request. */
    static byte[] result(String id, byte[] json) {
        return new Json.Pieces()
                .raw("{\"jsonrpc\":\"2.0\",\"id\":")
                .raw(id)
                .raw(",\"result\":")
                .raw(json)
                .raw("}")
                .done();
    }

    /** A request that could not be done. */
    static byte[] problem(String id, Problem problem) {
        return error(id, PROBLEM, problem.detail(), problem);
    }

    /** A request that was not as it should be. */
    static byte[] refused(String id, RpcException why) {
        return error(id, why.code(), why.sentence(), why.problem());
    }

    /** News of the feed. */
    static byte[] notification(Frame frame) {
        return notification(Frames.event(frame), Frames.json(frame));
    }

    /** Any other news. */
    static byte[] notification(String method, byte[] params) {
        return new Json.Pieces()
                .raw("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":")
                .raw(params)
                .raw("}")
                .done();
    }

    private static byte[] error(String id, int code, String message, @Nullable Problem problem) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        if (problem != null) {
            error.put("data", problem.toMembers(null, null));
        }
        return new Json.Pieces()
                .raw("{\"jsonrpc\":\"2.0\",\"id\":")
                .raw(id)
                .raw(",\"error\":")
                .value(error)
                .raw("}")
                .done();
    }
}
