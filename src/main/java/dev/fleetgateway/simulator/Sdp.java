package dev.fleetgateway.simulator;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How the description of a peer travels through signaling: Base64 of a JSON object with its type. */
final class Sdp {

    private Sdp() {}

    /**
     * Packs a description.
     *
     * @param type {@code offer} or {@code answer}
     */
    static String pack(String type, String sdp) {
        Struct object = Struct.newBuilder()
                .putFields("type", text(type))
                .putFields("sdp", text(sdp))
                .build();
        try {
            byte[] json = JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .print(object)
                    .getBytes(StandardCharsets.UTF_8);
            return Base64.getEncoder().encodeToString(json);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("Two texts are always JSON", e);
        }
    }

    /**
     * Unpacks a description of the type.
     *
     * @throws Refusal where it is none
     */
    static String unpack(String type, String packed) {
        try {
            String json = new String(Base64.getDecoder().decode(packed), StandardCharsets.UTF_8);
            Struct.Builder object = Struct.newBuilder();
            JsonFormat.parser().merge(json, object);
            if (!field(object, "type").equals(type)) {
                throw Refusal.of("expected an SDP of type " + type);
            }
            return field(object, "sdp");
        } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
            throw new Refusal(Status.UNKNOWN.withDescription("not an SDP: " + e.getMessage()));
        }
    }

    private static String field(Struct.Builder object, String name) {
        return object.getFieldsOrDefault(name, Value.getDefaultInstance()).getStringValue();
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }
}
