package dev.fleetgateway.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls straight to the machines, without the gateway, as a program with generated classes would at its best: one channel a machine, shared loops, no hops.
 *
 * @param <Q> the request
 * @param <A> the answer
 */
final class GrpcRoad<Q, A> implements Road {

    private final List<? extends Channel> machines;
    private final List<Q> requests = new ArrayList<>();
    private final GrpcCall<Q, A> call;
    private volatile List<? extends Channel> channels = List.of();
    private @Nullable Listener listener;

    private final Runnable end;

    /** Over channels that somebody else made. */
    GrpcRoad(List<? extends Channel> machines, int slots, GrpcCall<Q, A> call, Runnable end) {
        this.machines = machines;
        this.call = call;
        this.end = end;
        for (int slot = 0; slot < slots; slot++) {
            requests.add(call.request(slot));
        }
    }

    /** By HTTP/2. */
    static <Q, A> GrpcRoad<Q, A> direct(int firstPort, int machines, int slots, GrpcCall<Q, A> call) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("bench-grpc", true),
                NioIoHandler.newFactory());
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", firstPort + i)
                    .negotiationType(NegotiationType.PLAINTEXT)
                    .eventLoopGroup(loops)
                    .channelType(NioSocketChannel.class)
                    .directExecutor()
                    .disableRetry()
                    .disableServiceConfigLookUp()
                    .build();
            var _ = channel.getState(true);
            channels.add(channel);
        }
        return new GrpcRoad<>(channels, slots, call, () -> {
            channels.forEach(ManagedChannel::shutdownNow);
            var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        });
    }

    @Override
    public void enter() throws InterruptedException {
        channels = call.enter(machines);
    }

    @Override
    public void leave() {
        call.leave();
    }

    @Override
    public void listen(Listener told) {
        listener = told;
    }

    @Override
    public void send(int slot, long number) {
        List<? extends Channel> over = channels;
        ClientCalls.asyncUnaryCall(
                over.get((int) (number % over.size()))
                        .newCall(call.method(), CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS)),
                requests.get(slot),
                new StreamObserver<A>() {
                    private boolean got;

                    @Override
                    public void onNext(A answer) {
                        got = call.isGood(answer);
                    }

                    @Override
                    public void onError(Throwable t) {
                        tell(slot, false);
                    }

                    @Override
                    public void onCompleted() {
                        tell(slot, got);
                    }
                });
    }

    private void tell(int slot, boolean ok) {
        if (listener != null) {
            listener.ended(slot, ok);
        }
    }

    @Override
    public void close() {
        call.leave();
        end.run();
    }
}
