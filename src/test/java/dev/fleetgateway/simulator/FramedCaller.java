package dev.fleetgateway.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.ICECandidate;
import proto.rpc.webrtc.v1.Metadata;
import proto.rpc.webrtc.v1.PacketMessage;
import proto.rpc.webrtc.v1.Request;
import proto.rpc.webrtc.v1.RequestHeaders;
import proto.rpc.webrtc.v1.RequestMessage;
import proto.rpc.webrtc.v1.Response;
import proto.rpc.webrtc.v1.Stream;
import proto.rpc.webrtc.v1.Strings;

/** A caller by a data channel who writes every frame himself and shows every frame that came back. */
final class FramedCaller {

    private final ScriptedPeers.Scripted peer;
    private final Map<String, String> always = new TreeMap<>();
    private long lastId;

    private FramedCaller(ScriptedPeers.Scripted peer) {
        this.peer = peer;
    }

    /** Everything that came back on one stream. */
    record Reply(Map<String, Strings> headers, List<byte[]> messages, Status status) {

        <T extends Message> T only(T model) {
            if (!status.isOk() || messages.size() != 1) {
                throw new AssertionError(status + " with " + messages.size() + " messages");
            }
            try {
                @SuppressWarnings("unchecked")
                T read = (T) model.getParserForType().parseFrom(messages.getFirst());
                return read;
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Nullable
        String opid() {
            Strings values = headers.get("opid");
            return values == null ? null : values.getValues(0);
        }

        Status.Code code() {
            return status.getCode();
        }

        String text() {
            return String.valueOf(status.getDescription());
        }
    }

    /** Opens a data channel that came by that network. */
    static FramedCaller open(SimulatedMachine machine, ScriptedPeers peers, Passage.Network network) {
        var _ = machine.answerer(network).orElseThrow().answer("offer", true, new Nobody());
        ScriptedPeers.Scripted peer = peers.next();
        peer.listener.gathered();
        int before = machine.connections();
        Awaitility.await().until(() -> {
            peer.listener.opened();
            return machine.connections() > before;
        });
        return new FramedCaller(peer);
    }

    /** Who does not listen to what is signaled. */
    static class Nobody implements Answerer.Caller {
        @Override
        public void answered(String sdp) {}

        @Override
        public void candidate(ICECandidate candidate) {}

        @Override
        public void ended(Status status) {}

        @Override
        public void connected() {}
    }

    ScriptedPeers.Scripted peer() {
        return peer;
    }

    /** Sends a header with every call from now on. */
    FramedCaller with(String key, String value) {
        always.put(key, value);
        return this;
    }

    Reply call(String path, Message request) {
        return await(begin(path, request));
    }

    long begin(String path, Message request) {
        long id = headers(path, Duration.ZERO);
        message(id, request.toByteString(), true);
        return id;
    }

    /** Sends headers alone. */
    long headers(String path, Duration timeout) {
        long id = ++lastId;
        headers(id, path, timeout);
        return id;
    }

    void headers(long id, String path, Duration timeout) {
        RequestHeaders.Builder headers = RequestHeaders.newBuilder().setMethod('/' + path);
        if (!timeout.isZero()) {
            headers.setTimeout(Durations.fromNanos(timeout.toNanos()));
        }
        Metadata.Builder metadata = Metadata.newBuilder();
        always.forEach((key, value) ->
                metadata.putMd(key, Strings.newBuilder().addValues(value).build()));
        send(id, Request.newBuilder().setHeaders(headers.setMetadata(metadata)));
    }

    /** Sends a message in one frame. */
    void message(long id, ByteString bytes, boolean eos) {
        part(id, bytes, true, eos);
    }

    void part(long id, ByteString bytes, boolean eom, boolean eos) {
        send(
                id,
                Request.newBuilder()
                        .setMessage(RequestMessage.newBuilder()
                                .setHasMessage(true)
                                .setPacketMessage(PacketMessage.newBuilder()
                                        .setData(bytes)
                                        .setEom(eom))
                                .setEos(eos)));
    }

    void send(long id, Request.Builder request) {
        peer.listener.frame(
                request.setStream(Stream.newBuilder().setId(id)).build().toByteArray());
    }

    void reset(long id) {
        send(id, Request.newBuilder().setRstStream(true));
    }

    /** What came back so far on one stream. */
    List<Response> responses(long id) {
        List<Response> responses = new ArrayList<>();
        for (byte[] frame : peer.sent) {
            try {
                Response response = Response.parseFrom(frame);
                if (response.getStream().getId() == id) {
                    responses.add(response);
                }
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
        return responses;
    }

    boolean ended(long id) {
        List<Response> responses = responses(id);
        return !responses.isEmpty() && responses.getLast().hasTrailers();
    }

    Reply await(long id) {
        Awaitility.await().until(() -> ended(id));
        return reply(id);
    }

    private Reply reply(long id) {
        List<Response> responses = responses(id);
        Map<String, Strings> headers = Map.of();
        List<byte[]> messages = new ArrayList<>();
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        for (int i = 0; i < responses.size(); i++) {
            Response response = responses.get(i);
            switch (response.getTypeCase()) {
                case HEADERS -> {
                    if (i != 0) {
                        throw new AssertionError("headers come first and once");
                    }
                    headers = response.getHeaders().getMetadata().getMdMap();
                }
                case MESSAGE -> {
                    PacketMessage packet = response.getMessage().getPacketMessage();
                    part.writeBytes(packet.getData().toByteArray());
                    if (packet.getEom()) {
                        messages.add(part.toByteArray());
                        part.reset();
                    }
                }
                case TRAILERS -> {
                    if (i != responses.size() - 1) {
                        throw new AssertionError("nothing comes after trailers");
                    }
                }
                case TYPE_NOT_SET -> throw new AssertionError("a frame without a type");
            }
        }
        com.google.rpc.Status status = responses.getLast().getTrailers().getStatus();
        return new Reply(
                headers, messages, Status.fromCodeValue(status.getCode()).withDescription(status.getMessage()));
    }
}
