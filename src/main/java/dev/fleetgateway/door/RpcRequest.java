package dev.fleetgateway.door;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One JSON-RPC 2.0 request, or a notification.
 *
 * @param id a text or a number as JSON; null for a notification, which is never answered
 */
record RpcRequest(@Nullable String id, String method, RpcParams params) {

    private static final Set<String> MEMBERS = Set.of("jsonrpc", "id", "method", "params");

    /**
     * Reads one.
     *
     * @throws Malformed where it is none; it says with which id to answer
     */
    static RpcRequest parse(String text) {
        JsonNode message;
        try {
            message = Json.MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new Malformed("null", RpcException.NOT_JSON, "This is not JSON: " + e.getOriginalMessage());
        }
        if (message.isArray()) {
            throw invalid("null", "There are no batches here: send each request by itself");
        }
        if (!message.isObject()) {
            throw invalid("null", "A request is an object");
        }
        JsonNode id = message.get("id");
        if (id != null && !id.isString() && !id.isNumber()) {
            throw invalid("null", "'id' must be a text or a number");
        }
        String answerTo = id == null ? "null" : id.toString();
        message.propertyNames().forEach(name -> {
            if (!MEMBERS.contains(name)) {
                throw invalid(answerTo, "There is no member '%s' in a request".formatted(name));
            }
        });
        JsonNode version = message.get("jsonrpc");
        if (version == null || !version.isString() || !version.asString().equals("2.0")) {
            throw invalid(answerTo, "'jsonrpc' must be \"2.0\"");
        }
        JsonNode method = message.get("method");
        if (method == null || !method.isString()) {
            throw invalid(answerTo, "'method' must be a text");
        }
        JsonNode params = message.get("params");
        if (params != null && !params.isObject()) {
            throw new Malformed(answerTo, RpcException.INVALID_PARAMS, "'params' must be an object");
        }
        return new RpcRequest(id == null ? null : answerTo, method.asString(), new RpcParams(params));
    }

    private static Malformed invalid(String id, String message) {
        return new Malformed(id, RpcException.INVALID_REQUEST, message);
    }

    /** What came is no request. */
    static final class Malformed extends RuntimeException {

        @java.io.Serial
        private static final long serialVersionUID = 1L;

        private final String id;
        private final int code;

        Malformed(String id, int code, String message) {
            super(message, null, false, false);
            this.id = id;
            this.code = code;
        }

        /** The id to answer with, as JSON. */
        String id() {
            return id;
        }

        RpcException toRpc() {
            return new RpcException(code, String.valueOf(getMessage()));
        }
    }
}
