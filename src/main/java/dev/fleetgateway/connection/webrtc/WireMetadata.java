package dev.fleetgateway.connection.webrtc;

import io.grpc.Metadata;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.Strings;

/**
 * Metadata, there and back. A viam-server looks keys up in lower case and has no rule for binary values, so those do not travel;
 * neither does what belongs to HTTP/2.
 */
final class WireMetadata {

    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private WireMetadata() {}

    static proto.rpc.webrtc.v1.Metadata out(Metadata headers) {
        proto.rpc.webrtc.v1.Metadata.Builder wire = proto.rpc.webrtc.v1.Metadata.newBuilder();
        for (String name : headers.keys()) {
            Iterable<String> values = travels(name) ? headers.getAll(key(name)) : null;
            if (values != null) {
                wire.putMd(name, Strings.newBuilder().addAllValues(values).build());
            }
        }
        return wire.build();
    }

    static Metadata in(proto.rpc.webrtc.v1.Metadata wire) {
        Metadata metadata = new Metadata();
        for (Map.Entry<String, Strings> entry : wire.getMdMap().entrySet()) {
            String name = entry.getKey().toLowerCase(Locale.ROOT);
            Metadata.Key<String> key = travels(name) ? keyOrNull(name) : null;
            if (key != null) {
                entry.getValue().getValuesList().forEach(value -> metadata.put(key, value));
            }
        }
        return metadata;
    }

    /** Puts a status with details where callers of gRPC look for it. */
    static void putDetails(Metadata trailers, com.google.rpc.Status status) {
        if (status.getDetailsCount() > 0) {
            trailers.put(DETAILS, status.toByteArray());
        }
    }

    private static boolean travels(String name) {
        return !name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
                && !name.startsWith("grpc-")
                && !name.startsWith(":")
                && !name.equals("te")
                && !name.equals("content-type");
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static Metadata.@Nullable Key<String> keyOrNull(String name) {
        try {
            return key(name);
        } catch (IllegalArgumentException _) {
            // A name that gRPC does not know; nobody here could ask for it.
            return null;
        }
    }
}
