package dev.fleetgateway.connection.webrtc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.fleetgateway.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.Metadata;
import proto.rpc.webrtc.v1.PacketMessage;
import proto.rpc.webrtc.v1.Request;
import proto.rpc.webrtc.v1.Response;
import proto.rpc.webrtc.v1.ResponseHeaders;
import proto.rpc.webrtc.v1.ResponseMessage;
import proto.rpc.webrtc.v1.ResponseTrailers;
import proto.rpc.webrtc.v1.Stream;

/** A peer whose other side is a test: keeps what was sent and says what it is told to say. */
final class ScriptedPeer implements Peer {

    private static final int CHUNK = 65_513;

    private final List<Request> sent = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private Consumer<Request> script = _ -> {};
    private @Nullable FramedChannel channel;
    private volatile long buffered;
    private boolean open = true;
    private boolean closed;

    void speakTo(FramedChannel to) {
        channel = to;
    }

    /** Runs with each frame that comes. */
    void on(Consumer<Request> frame) {
        script = frame;
    }

    /** As if so much had not left yet. */
    void buffer(long bytes) {
        buffered = bytes;
    }

    void takeNothing() {
        open = false;
    }

    boolean isClosed() {
        return closed;
    }

    /** What was sent, and forgets it. */
    List<Request> sent() {
        List<Request> all = List.copyOf(sent);
        sent.clear();
        return all;
    }

    List<Integer> sizes() {
        return sizes;
    }

    void headers(long id, Metadata metadata) {
        say(id, Response.newBuilder().setHeaders(ResponseHeaders.newBuilder().setMetadata(metadata)));
    }

    void headers(long id) {
        headers(id, Metadata.getDefaultInstance());
    }

    /** In chunks as large as a viam-server makes them. */
    void message(long id, byte[] message) {
        int from = 0;
        do {
            int length = Math.min(CHUNK, message.length - from);
            part(id, ByteString.copyFrom(message, from, length), from + length == message.length);
            from += length;
        } while (from < message.length);
    }

    void part(long id, ByteString data, boolean last) {
        say(
                id,
                Response.newBuilder()
                        .setMessage(ResponseMessage.newBuilder()
                                .setPacketMessage(
                                        PacketMessage.newBuilder().setData(data).setEom(last))));
    }

    void trailers(long id, ResponseTrailers trailers) {
        say(id, Response.newBuilder().setTrailers(trailers));
    }

    /** Success has no status. */
    void ok(long id) {
        trailers(id, ResponseTrailers.getDefaultInstance());
    }

    void fail(long id, com.google.rpc.Status status) {
        trailers(id, ResponseTrailers.newBuilder().setStatus(status).build());
    }

    void answer(long id, byte[] message) {
        headers(id);
        message(id, message);
        ok(id);
    }

    private void say(long id, Response.Builder frame) {
        if (channel != null) {
            channel.frame(frame.setStream(Stream.newBuilder().setId(id)).build().toByteArray());
        }
    }

    @Override
    public boolean send(byte[] frame) {
        if (!open || closed) {
            return false;
        }
        try {
            Request request = Request.parseFrom(frame);
            sent.add(request);
            sizes.add(frame.length);
            script.accept(request);
            return true;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public long buffered() {
        return buffered;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public CompletableFuture<String> offer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> accept(String answer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<String> answer(String offer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void add(IceCandidate candidate) {}

    @Override
    public CompletableFuture<Pair> pair() {
        throw new UnsupportedOperationException();
    }
}
