package dev.fleetgateway.connection.webrtc;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.InputStream;

/** A request as it travels: refused before its first byte where a machine would not take it whole. */
final class RequestBytes {

    private RequestBytes() {}

    /**
     * Writes it.
     *
     * @throws StatusException where it is too large, or cannot be written
     */
    static <Q> byte[] of(MethodDescriptor<Q, ?> method, Q message, int most) throws StatusException {
        try (InputStream stream = method.streamRequest(message)) {
            boolean known = stream instanceof KnownLength;
            int size = known ? stream.available() : most + 1;
            if (known && size > most) {
                throw tooLarge(String.valueOf(size), most);
            }
            byte[] bytes = stream.readNBytes(size);
            if (bytes.length > most) {
                throw tooLarge("more", most);
            }
            return bytes;
        } catch (IOException | RuntimeException e) {
            throw Status.CANCELLED
                    .withDescription("Failed to stream message")
                    .withCause(e)
                    .asException();
        }
    }

    private static StatusException tooLarge(String size, int most) {
        return Status.RESOURCE_EXHAUSTED
                .withDescription("the request takes %s bytes, and %d is the most over a data channel; it was not sent"
                        .formatted(size, most))
                .asException();
    }
}
