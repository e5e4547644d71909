package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants called.
 *
 * @param json the request as proto3 JSON in UTF-8; empty bytes mean no fields
 * @param timeout how long the machine has; null for the default
 * @param metadata user metadata to be passed on, keys lower case
 * @param viaGet whether it came as an HTTP GET, which is for READs whose HTTP rule is a {@code get}
 * @param caller who calls, for limits and the record
 */
public record Call(
        String machine,
        Target target,
        String method,
        ByteString json,
        @Nullable Duration timeout,
        Map<String, String> metadata,
        boolean viaGet,
        String caller) {

    /** Copies the metadata. */
    public Call {
        metadata = Map.copyOf(metadata);
    }
}
