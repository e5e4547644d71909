package dev.fleetgateway.simulator;

import io.grpc.Metadata;
import java.util.Locale;
import proto.rpc.webrtc.v1.Strings;

/** Headers and trailers as they are written in frames. */
final class FramedMetadata {

    /** Written as part of the status, not as a trailer. */
    static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final String BINARY = Metadata.BINARY_HEADER_SUFFIX;

    private FramedMetadata() {}

    /** What a caller sent. A machine looks headers up in lower case and does not find those written otherwise. */
    static Metadata read(proto.rpc.webrtc.v1.Metadata written) {
        Metadata read = new Metadata();
        written.getMdMap().forEach((name, values) -> {
            if (name.matches("[a-z0-9_.-]+") && !name.endsWith(BINARY)) {
                Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
                values.getValuesList().forEach(value -> read.put(key, value));
            }
        });
        return read;
    }

    /** What the machine sends. */
    static proto.rpc.webrtc.v1.Metadata write(Metadata metadata) {
        proto.rpc.webrtc.v1.Metadata.Builder written = proto.rpc.webrtc.v1.Metadata.newBuilder();
        for (String name : metadata.keys()) {
            if (name.endsWith(BINARY)) {
                continue;
            }
            Iterable<String> values = metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
            if (values != null) {
                written.putMd(
                        name.toLowerCase(Locale.ROOT),
                        Strings.newBuilder().addAllValues(values).build());
            }
        }
        return written.build();
    }
}
