package dev.fleetgateway.connection.webrtc;

import com.google.protobuf.ByteString;
import io.grpc.KnownLength;
import java.io.FilterInputStream;

/** A message as it came, of a length that is known, so that it can be read at once. */
final class Arrived extends FilterInputStream implements KnownLength {

    Arrived(ByteString message) {
        super(message.newInput());
    }
}
