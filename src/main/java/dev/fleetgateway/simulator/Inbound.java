package dev.fleetgateway.simulator;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A message as it came in. What is wrong with it is said later, since whoever may not call is told that first. */
sealed interface Inbound {

    /** The largest message a machine takes. */
    int MOST_BYTES = 33_554_432;

    /** A message that could be read. */
    record Read(Message message) implements Inbound {}

    /** Bytes that are no such message, and what is said of them. */
    record Garbled(Status status) implements Inbound {}

    /** More bytes than a machine takes. */
    record TooLarge(int bytes) implements Inbound {}

    /** Reads messages of one type; never fails. */
    record Reader(Parser<? extends Message> parser) implements Marshaller<Inbound> {

        @Override
        public Inbound parse(InputStream stream) {
            try {
                if (stream instanceof KnownLength && stream.available() > MOST_BYTES) {
                    return new TooLarge(stream.available());
                }
                return new Read(parser.parseFrom(stream));
            } catch (InvalidProtocolBufferException e) {
                return new Garbled(
                        Status.INTERNAL.withDescription("grpc: error unmarshalling request: " + e.getMessage()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public InputStream stream(Inbound value) {
            return new ByteArrayInputStream(new byte[0]);
        }
    }
}
