package dev.fleetgateway.bench;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.CallOptions;
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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import viam.common.v1.GetReadingsRequest;
import viam.common.v1.GetReadingsResponse;
import viam.component.sensor.v1.SensorServiceGrpc;

/** Calls straight to the machines, as a program with generated classes would at its best: one channel a machine, shared loops, no hops. */
final class GrpcRoad implements Road {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("bench-grpc", true),
            NioIoHandler.newFactory());
    private final ManagedChannel[] channels;
    private final GetReadingsRequest[] requests;
    private @Nullable Listener listener;

    GrpcRoad(int firstPort, int machines, int slots) {
        channels = new ManagedChannel[machines];
        for (int i = 0; i < machines; i++) {
            channels[i] = NettyChannelBuilder.forAddress("127.0.0.1", firstPort + i)
                    .negotiationType(NegotiationType.PLAINTEXT)
                    .eventLoopGroup(loops)
                    .channelType(NioSocketChannel.class)
                    .directExecutor()
                    .disableRetry()
                    .disableServiceConfigLookUp()
                    .build();
            var _ = channels[i].getState(true);
        }
        requests = new GetReadingsRequest[slots];
        for (int slot = 0; slot < slots; slot++) {
            requests[slot] = GetReadingsRequest.newBuilder()
                    .setName("s1")
                    .setExtra(Struct.newBuilder()
                            .putFields(
                                    "n",
                                    Value.newBuilder()
                                            .setNumberValue(1000 + slot)
                                            .build()))
                    .build();
        }
    }

    @Override
    public void listen(Listener told) {
        listener = told;
    }

    @Override
    public void send(int slot, long number) {
        ClientCalls.asyncUnaryCall(
                channels[(int) (number % channels.length)].newCall(
                        SensorServiceGrpc.getGetReadingsMethod(),
                        CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS)),
                requests[slot],
                new StreamObserver<GetReadingsResponse>() {
                    private boolean got;

                    @Override
                    public void onNext(GetReadingsResponse answer) {
                        got = answer.getReadingsCount() > 0;
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
        for (ManagedChannel each : channels) {
            each.shutdownNow();
        }
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
