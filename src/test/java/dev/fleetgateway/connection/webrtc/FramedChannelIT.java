package dev.fleetgateway.connection.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.fleetgateway.peer.NativePeers;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.peer.PeerNeeds;
import dev.fleetgateway.time.SystemTime;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import proto.rpc.webrtc.v1.PacketMessage;
import proto.rpc.webrtc.v1.Request;
import proto.rpc.webrtc.v1.Response;
import proto.rpc.webrtc.v1.ResponseHeaders;
import proto.rpc.webrtc.v1.ResponseMessage;
import proto.rpc.webrtc.v1.ResponseTrailers;

/** Over the real library, with a machine at the other end that sends back what it gets. */
class FramedChannelIT {

    private static final int MIB = 1024 * 1024;

    private final SystemTime time = new SystemTime();
    private final CompletableFuture<FramedChannel> channel = new CompletableFuture<>();
    private final End here = new End() {
        @Override
        public void frame(byte[] frame) {
            channel.join().frame(frame);
        }

        @Override
        public void closed(String reason) {
            channel.join().closed(reason);
        }
    };
    private final Echo there = new Echo();
    private NativePeers peers;

    @BeforeEach
    void connect() {
        peers = PeerNeeds.peers();
        Peer caller = peers.open(List.of(), here);
        Peer answerer = peers.open(List.of(), there);
        here.meet(caller, answerer);
        there.meet(answerer, caller);
        caller.accept(answerer.answer(caller.offer().join()).join()).join();
        here.open.join();
        there.open.join();
        Peer.Pair pair = caller.pair().join();
        channel.complete(
                new FramedChannel(caller, new InetSocketAddress(pair.remoteAddress(), pair.remotePort()), time));
    }

    @AfterEach
    void close() {
        if (peers != null) {
            channel.join().close();
            there.close();
            peers.close();
        }
        time.close();
    }

    private byte[] echo(byte[] request) {
        return ClientCalls.blockingUnaryCall(
                channel.join(),
                Told.method("Echo", MethodType.UNARY),
                CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                request);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_509, 65_510, MIB, 32 * MIB})
    void messagesOfAnySizeGoThereAndBack(int size) {
        byte[] request = new byte[size];
        for (int i = 0; i < size; i++) {
            request[i] = (byte) (i * 31);
        }

        assertThat(echo(request)).isEqualTo(request);
    }

    @Test
    void aThousandCallsOfManyThreadsAreEachAnsweredWithTheirOwn() {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < 20; caller++) {
                byte mark = (byte) caller;
                var _ = callers.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        there.counted.merge(mark, echo(new byte[] {mark})[0] == mark ? 1 : 0, Integer::sum);
                    }
                });
            }
        }
        assertThat(there.counted.values()).hasSize(20).allMatch(count -> count == 50);
    }

    @Test
    void aMachineThatClosesEndsTheCallsInFlight() {
        there.silent = true;
        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(there::close);

        assertThatThrownBy(() -> echo(new byte[1]))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageStartingWith("UNAVAILABLE");
    }

    private abstract static class End implements Peer.Listener {

        final CompletableFuture<Void> open = new CompletableFuture<>();
        final CompletableFuture<Peer> self = new CompletableFuture<>();
        final CompletableFuture<Peer> other = new CompletableFuture<>();

        void meet(Peer own, Peer others) {
            self.complete(own);
            other.complete(others);
        }

        void close() {
            self.join().close();
        }

        @Override
        public void candidate(Peer.IceCandidate candidate) {
            other.join().add(candidate);
        }

        @Override
        public void gathered() {}

        @Override
        public void opened() {
            open.complete(null);
        }
    }

    private static final class Echo extends End {

        private final Map<Byte, Integer> counted = new ConcurrentHashMap<>();
        private final Map<Long, ByteString> requests = new ConcurrentHashMap<>();
        private final Executor answering =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
        private volatile boolean silent;

        @Override
        public void closed(String reason) {}

        @Override
        public void frame(byte[] frame) {
            try {
                Request request = Request.parseFrom(frame);
                if (!request.hasMessage() || silent) {
                    return;
                }
                PacketMessage packet = request.getMessage().getPacketMessage();
                ByteString all = requests.merge(request.getStream().getId(), packet.getData(), ByteString::concat);
                if (request.getMessage().getEos()) {
                    requests.remove(request.getStream().getId());
                    answering.execute(() -> answer(request.getStream().getId(), all));
                }
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        private void answer(long id, ByteString message) {
            say(id, Response.newBuilder().setHeaders(ResponseHeaders.getDefaultInstance()));
            int from = 0;
            do {
                int to = Math.min(message.size(), from + 65_513);
                say(
                        id,
                        Response.newBuilder()
                                .setMessage(ResponseMessage.newBuilder()
                                        .setPacketMessage(PacketMessage.newBuilder()
                                                .setData(message.substring(from, to))
                                                .setEom(to == message.size()))));
                from = to;
            } while (from < message.size());
            say(id, Response.newBuilder().setTrailers(ResponseTrailers.getDefaultInstance()));
        }

        private void say(long id, Response.Builder frame) {
            while (self.join().buffered() > MIB) {
                Thread.onSpinWait();
            }
            self.join()
                    .send(frame.setStream(
                                    proto.rpc.webrtc.v1.Stream.newBuilder().setId(id))
                            .build()
                            .toByteArray());
        }
    }
}
