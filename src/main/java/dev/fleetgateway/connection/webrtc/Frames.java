package dev.fleetgateway.connection.webrtc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.PacketMessage;
import proto.rpc.webrtc.v1.Request;
import proto.rpc.webrtc.v1.RequestHeaders;
import proto.rpc.webrtc.v1.RequestMessage;
import proto.rpc.webrtc.v1.Response;
import proto.rpc.webrtc.v1.Stream;

/** Frames as they are on the data channel: one protobuf message each, none larger than a viam-server takes. */
final class Frames {

    /** So many bytes of a message fit into a frame beside the worst of what is around them. */
    static final int MOST_DATA = 65_509;

    /** Above this, an id would not fit beside {@link #MOST_DATA} bytes. */
    static final long LAST_ID = 0xffff_ffffL;

    private static final int NANOS = 1_000_000_000;

    private Frames() {}

    /** Begins a call. The timeout counts from now; null is none. */
    static byte[] headers(long id, RequestHeaders headers, @Nullable Long timeoutNanos) {
        RequestHeaders.Builder timed = headers.toBuilder();
        if (timeoutNanos != null) {
            // Zero would be none.
            long left = Math.max(1, timeoutNanos);
            timed.setTimeout(Duration.newBuilder().setSeconds(left / NANOS).setNanos((int) (left % NANOS)));
        }
        return to(id).setHeaders(timed).build().toByteArray();
    }

    /**
     * A part of a message.
     *
     * @param last whether the message ends with it
     * @param ends whether there is no message after it
     */
    static byte[] part(long id, byte[] message, int from, int length, boolean last, boolean ends) {
        return to(id).setMessage(RequestMessage.newBuilder()
                        .setHasMessage(true)
                        .setPacketMessage(PacketMessage.newBuilder()
                                .setData(UnsafeByteOperations.unsafeWrap(message, from, length))
                                .setEom(last))
                        .setEos(ends))
                .build()
                .toByteArray();
    }

    /** No message comes after this. */
    static byte[] end(long id) {
        return to(id).setMessage(RequestMessage.newBuilder()
                        .setPacketMessage(PacketMessage.newBuilder().setEom(true))
                        .setEos(true))
                .build()
                .toByteArray();
    }

    /** Cancels a call. */
    static byte[] reset(long id) {
        return to(id).setRstStream(true).build().toByteArray();
    }

    private static Request.Builder to(long id) {
        return Request.newBuilder().setStream(Stream.newBuilder().setId(id));
    }

    /** Reads what a machine sent. Its data are those of the frame, not copied. */
    static Response read(byte[] frame) throws InvalidProtocolBufferException {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(frame).newCodedInput();
        input.enableAliasing(true);
        try {
            return Response.parseFrom(input);
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
    }
}
