package dev.fleetgateway.door;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** How this door reads and writes JSON, whatever the application's own mapper is told. */
final class Json {

    /**
     * Strict to read: no doubled members, nothing after the value, numbers kept as they were written. Members are written in
     * the order of their records.
     */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** JSON put together from pieces that are JSON already. */
    static final class Pieces {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

        /** Adds what is JSON as it stands, punctuation included. */
        Pieces raw(String json) {
            return raw(json.getBytes(StandardCharsets.UTF_8));
        }

        /** The same in UTF-8. */
        Pieces raw(byte[] json) {
            out.write(json, 0, json.length);
            return this;
        }

        /** Adds a value, to be written. */
        Pieces value(Object value) {
            return raw(bytes(value));
        }

        /** Adds an array of what is JSON already. */
        Pieces array(Collection<byte[]> items) {
            out.write('[');
            boolean first = true;
            for (byte[] item : items) {
                if (!first) {
                    out.write(',');
                }
                first = false;
                raw(item);
            }
            out.write(']');
            return this;
        }

        byte[] done() {
            return out.toByteArray();
        }
    }
}
