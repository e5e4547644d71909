package dev.fleetgateway.connection.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.fleetgateway.peer.NativePeers;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.peer.PeerNeeds;
import dev.fleetgateway.simulator.MachineSpec;
import dev.fleetgateway.simulator.SimulatedFleet;
import dev.fleetgateway.simulator.SimulatedMachine;
import dev.fleetgateway.time.SystemTime;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.ICECandidate;
import viam.common.v1.DoCommandRequest;
import viam.common.v1.DoCommandResponse;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.GoForResponse;
import viam.component.motor.v1.IsMovingRequest;
import viam.component.motor.v1.IsMovingResponse;
import viam.robot.v1.GetOperationsRequest;
import viam.robot.v1.GetOperationsResponse;

/** The gateway's end of a data channel against the simulated machine's, which were written apart; over the real library. */
class SimulatedMachineIT {

    private static final String MOTOR = "viam.component.motor.v1.MotorService/";

    private final SystemTime time = new SystemTime();
    private NativePeers peers;
    private SimulatedFleet fleet;
    private SimulatedMachine machine;
    private ManagedChannel direct;
    private FramedChannel channel;

    @BeforeEach
    void connect() {
        peers = PeerNeeds.peers();
        fleet = SimulatedFleet.start(
                time, peers, List.of(MachineSpec.named("rover").withWebRtc()));
        machine = fleet.machine("rover").orElseThrow();
        direct = NettyChannelBuilder.forTarget(machine.address()).usePlaintext().build();
        channel = dial();
    }

    @AfterEach
    void close() {
        if (fleet != null) {
            channel.close();
            direct.shutdownNow();
            fleet.close();
            peers.close();
        }
        time.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65_400, 1_000_000, 20_000_000})
    void messagesOfAnySizeGoThereAndBack(int size) {
        Struct command = Struct.newBuilder()
                .putFields(
                        "text",
                        Value.newBuilder().setStringValue("x".repeat(size)).build())
                .build();
        DoCommandResponse answer = call(
                "viam.component.generic.v1.GenericService/DoCommand",
                DoCommandRequest.newBuilder().setName("g1").setCommand(command).build(),
                DoCommandResponse.getDefaultInstance());
        assertThat(answer.getResult()).isEqualTo(command);
    }

    @Test
    void manyCallsAtOnceAreAllAnswered() {
        AtomicInteger answered = new AtomicInteger();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                var _ = callers.submit(() -> {
                    for (int j = 0; j < 20; j++) {
                        isMoving("m1");
                        answered.incrementAndGet();
                    }
                });
            }
        }
        assertThat(answered).hasValue(1_000);
    }

    @Test
    void anErrorOfTheMachineArrivesWithItsText() {
        assertThatThrownBy(() -> isMoving("none"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("UNKNOWN: no node found with api rdk:component:motor and name none");
    }

    @Test
    void whatTheGatewayGivesUpIsCancelledAtTheMachine() {
        var going = ClientCalls.futureUnaryCall(
                channel.newCall(
                        method(MOTOR + "GoFor", GoForRequest.getDefaultInstance(), GoForResponse.getDefaultInstance()),
                        CallOptions.DEFAULT),
                goFor());
        await().until(() -> operations(channel) == 1);
        going.cancel(true);
        await().until(() -> operations(channel) == 0);
        assertThat(machine.isMoving("m1")).as("cancelled is not stopped").isTrue();
    }

    @Test
    void aDeadlineEndsACallAtBothEnds() {
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                        channel,
                        method(MOTOR + "GoFor", GoForRequest.getDefaultInstance(), GoForResponse.getDefaultInstance()),
                        CallOptions.DEFAULT.withDeadlineAfter(200, TimeUnit.MILLISECONDS),
                        goFor()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageStartingWith("DEADLINE_EXCEEDED");
        await().until(() -> operations(channel) == 0);
    }

    @Test
    void whenTheGatewayClosesItsOperationsAreGone() {
        var going = ClientCalls.futureUnaryCall(
                channel.newCall(
                        method(MOTOR + "GoFor", GoForRequest.getDefaultInstance(), GoForResponse.getDefaultInstance()),
                        CallOptions.DEFAULT),
                goFor());
        await().until(() -> operations(direct) == 1);
        channel.close();
        await().until(() -> operations(direct) == 0);
        assertThat(going).isDone();
        await().until(() -> machine.connections() == 1);
    }

    @Test
    void aRestartOfTheMachineEndsWhatIsInFlight() {
        machine.hang(null);
        var waiting = CompletableFuture.supplyAsync(() -> isMoving("m1"), Thread::startVirtualThread);
        await().until(() -> machine.callsSeen() > 1);
        machine.restart();
        assertThatThrownBy(waiting::join)
                .hasRootCauseInstanceOf(StatusRuntimeException.class)
                .satisfies(failure ->
                        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    @Test
    void aCutIsNotToldAndAShortOneLosesNothing() {
        machine.leaveLan();
        var waiting = CompletableFuture.supplyAsync(() -> isMoving("m1"), Thread::startVirtualThread);
        assertThat(waiting).isNotDone();
        machine.mend();
        assertThat(waiting.join()).isFalse();
    }

    private FramedChannel dial() {
        Ears ears = new Ears();
        Peer peer = peers.open(List.of(), ears);
        Metadata host = new Metadata();
        host.put(Metadata.Key.of("rpc-host", Metadata.ASCII_STRING_MARSHALLER), machine.serverName());
        Iterator<CallResponse> answers = ClientCalls.blockingServerStreamingCall(
                ClientInterceptors.intercept(direct, MetadataUtils.newAttachHeadersInterceptor(host)),
                MethodDescriptor.<CallRequest, CallResponse>newBuilder()
                        .setType(MethodType.SERVER_STREAMING)
                        .setFullMethodName("proto.rpc.webrtc.v1.SignalingService/Call")
                        .setRequestMarshaller(ProtoUtils.marshaller(CallRequest.getDefaultInstance()))
                        .setResponseMarshaller(ProtoUtils.marshaller(CallResponse.getDefaultInstance()))
                        .build(),
                CallOptions.DEFAULT,
                CallRequest.newBuilder()
                        .setSdp(Descriptions.offer(peer.offer().join()))
                        .build());
        peer.accept(Descriptions.answer(answers.next().getInit().getSdp())).join();
        answers.forEachRemaining(update -> {
            ICECandidate candidate = update.getUpdate().getCandidate();
            peer.add(new Peer.IceCandidate(
                    candidate.getCandidate(), candidate.getSdpMid(), candidate.getSdpmLineIndex()));
        });
        ears.open.join();
        Peer.Pair pair = peer.pair().join();
        FramedChannel opened =
                new FramedChannel(peer, new InetSocketAddress(pair.remoteAddress(), pair.remotePort()), time);
        ears.channel.complete(opened);
        return opened;
    }

    private boolean isMoving(String motor) {
        return call(
                        MOTOR + "IsMoving",
                        IsMovingRequest.newBuilder().setName(motor).build(),
                        IsMovingResponse.getDefaultInstance())
                .getIsMoving();
    }

    private static int operations(Channel by) {
        return ClientCalls.blockingUnaryCall(
                        by,
                        method(
                                "viam.robot.v1.RobotService/GetOperations",
                                GetOperationsRequest.getDefaultInstance(),
                                GetOperationsResponse.getDefaultInstance()),
                        CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                        GetOperationsRequest.getDefaultInstance())
                .getOperationsCount();
    }

    private static GoForRequest goFor() {
        return GoForRequest.newBuilder()
                .setName("m1")
                .setRpm(60)
                .setRevolutions(1_000)
                .build();
    }

    private <Q extends Message, A extends Message> A call(String path, Q request, A answer) {
        @SuppressWarnings("unchecked")
        Q model = (Q) request.getDefaultInstanceForType();
        return ClientCalls.blockingUnaryCall(
                channel,
                method(path, model, answer),
                CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                request);
    }

    private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
            String path, Q request, A answer) {
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName(path)
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(answer))
                .build();
    }

    /** Passes on what the peer hears. */
    private static final class Ears implements Peer.Listener {
        private final CompletableFuture<Void> open = new CompletableFuture<>();
        private final CompletableFuture<FramedChannel> channel = new CompletableFuture<>();

        @Override
        public void candidate(Peer.IceCandidate candidate) {}

        @Override
        public void gathered() {}

        @Override
        public void opened() {
            open.complete(null);
        }

        @Override
        public void frame(byte[] frame) {
            channel.join().frame(frame);
        }

        @Override
        public void closed(String reason) {
            var _ = channel.thenAccept(it -> it.closed(reason));
        }
    }
}
