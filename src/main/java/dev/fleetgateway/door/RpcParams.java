package dev.fleetgateway.door;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The params of a request on a socket. What cannot be read is refused by name with {@link RpcException}. */
final class RpcParams {

    private final @Nullable JsonNode params;

    RpcParams(@Nullable JsonNode params) {
        this.params = params;
    }

    /** Refuses every member but these. */
    void only(String... members) {
        List<String> allowed = List.of(members);
        if (params == null) {
            return;
        }
        params.propertyNames().forEach(name -> {
            if (!allowed.contains(name)) {
                throw RpcException.params(
                        name,
                        allowed.isEmpty()
                                ? "There is no member '%s' here: none is read".formatted(name)
                                : "There is no member '%s' here; there are: %s"
                                        .formatted(name, String.join(", ", allowed)));
            }
        });
    }

    boolean has(String name) {
        return params != null && params.has(name);
    }

    /** A text that must be there. */
    String text(String name) {
        String text = optionalText(name);
        if (text == null) {
            throw RpcException.params(name, "'%s' must be given".formatted(name));
        }
        return text;
    }

    /** A text that may be there. */
    @Nullable
    String optionalText(String name) {
        JsonNode node = params == null ? null : params.get(name);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            throw RpcException.params(name, "'%s' must be a text".formatted(name));
        }
        return node.asString();
    }

    /** A text that is read by a function whose complaint is for people. */
    <T> T read(String name, Function<String, T> reader) {
        try {
            return reader.apply(text(name));
        } catch (IllegalArgumentException e) {
            throw RpcException.params(name, "'%s' cannot be read: %s".formatted(name, e.getMessage()));
        }
    }

    /** A number of milliseconds, at least one, that may be there. */
    @Nullable
    Duration millis(String name) {
        JsonNode node = params == null ? null : params.get(name);
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 1) {
            throw RpcException.params(name, "'%s' must be a whole number of milliseconds, at least 1".formatted(name));
        }
        return Duration.ofMillis(node.asLong());
    }

    /** A whole number, zero or more, that must be there. */
    long number(String name) {
        JsonNode node = params == null ? null : params.get(name);
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
            throw RpcException.params(name, "'%s' must be a whole number, 0 or more".formatted(name));
        }
        return node.asLong();
    }

    /** An object that may be there. */
    @Nullable
    JsonNode object(String name) {
        JsonNode node = params == null ? null : params.get(name);
        if (node != null && !node.isObject()) {
            throw RpcException.params(name, "'%s' must be an object".formatted(name));
        }
        return node;
    }

    /** An id, a text or a number, that must be there; as JSON. */
    String id(String name) {
        JsonNode node = params == null ? null : params.get(name);
        if (node == null || (!node.isString() && !node.isNumber())) {
            throw RpcException.params(name, "'%s' must be the id of a request, a text or a number".formatted(name));
        }
        return node.toString();
    }
}
