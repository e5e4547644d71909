package dev.fleetgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.fleetgateway.connection.webrtc.DataChannels;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import viam.common.v1.DoCommandRequest;
import viam.common.v1.DoCommandResponse;
import viam.component.board.v1.StreamTicksRequest;
import viam.component.board.v1.StreamTicksResponse;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.IsPoweredRequest;
import viam.robot.v1.GetVersionResponse;

/**
 * The gateway's data channel to a machine, with nothing else of the gateway around it. What is in the frames does not depend on how the
 * machine is protected, so an open one is enough.
 */
class FramesIT {

    private static final int MIB = 1024 * 1024;
    private static final int MOST = 32 * MIB;

    private static final String ECHO = "viam.component.generic.v1.GenericService/DoCommand";
    private static final String TICKS = "viam.component.board.v1.BoardService/StreamTicks";
    private static final String GO_FOR = "viam.component.motor.v1.MotorService/GoFor";
    private static final String ROBOT = "viam.robot.v1.RobotService";
    private static final String MOTOR = "viam.component.motor.v1.MotorService";

    private static MachineUnderTest machine;
    private static DirectMachine direct;
    private static DataChannels channels;
    private static Channel channel;

    @BeforeAll
    static void start() {
        machine = MachineUnderTest.startWithWebRtc(Protection.OPEN);
        direct = machine.direct();
        channels = DataChannels.toOpen(machine.serverName(), machine.port());
        channel = channels.channels().getFirst();
    }

    @AfterAll
    static void stop() {
        if (channel != null) {
            channels.close();
            direct.close();
            machine.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 65_509, 65_510, 65_535, 65_536, MIB, MOST})
    void aRequestOfAnySizeComesBack(int size) throws IOException {
        DoCommandRequest request = ofSize(size, FramesIT::request);
        DoCommandResponse answer = DoCommandResponse.parseFrom(call(ECHO, request.toByteArray()));
        // Not told by a difference: that would be all of it.
        assertThat(answer.getResult().equals(request.getCommand())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 65_509, 65_510, 65_529, 65_530, MIB})
    void anAnswerOfAnySizeComesWhole(int size) {
        DoCommandResponse answer = ofSize(size, FramesIT::answer);
        byte[] request = DoCommandRequest.newBuilder()
                .setName("g1")
                .setCommand(answer.getResult())
                .build()
                .toByteArray();
        byte[] told = call(ECHO, request);
        assertThat(told).hasSize(size);
        assertThat(ByteString.copyFrom(told).equals(answer.toByteString())).isTrue();
    }

    @Test
    void aRequestLargerThanAMachineTakesIsRefusedUnsentAndTheChannelGoesOn() throws IOException {
        byte[] request = ofSize(MOST + 1, FramesIT::request).toByteArray();
        Status refused = refusal(ECHO, request, CallOptions.DEFAULT);
        assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getDescription())
                .isEqualTo(
                        "the request takes more bytes, and 33554432 is the most over a data channel; it was not sent");
        aRequestOfAnySizeComesBack(100);
    }

    @Test
    void anEmptyRequestIsARequest() throws IOException {
        assertThat(GetVersionResponse.parseFrom(call(ROBOT + "/GetVersion", new byte[0]))
                        .getPlatform())
                .isEqualTo("rdk");
    }

    @Test
    void anEmptyAnswerIsAnAnswer() {
        assertThat(call(MOTOR + "/Stop", named("m1"))).isEmpty();
    }

    @Test
    void aRequestOfOneByteIsNoMessageAndIsToldSoInOtherWordsThanDirectly() {
        Status refused = refusal(ECHO, new byte[] {10}, CallOptions.DEFAULT);
        assertThat(refused.getCode()).isEqualTo(Status.Code.UNKNOWN);
        // What is between the words differs from one build of a machine to another.
        assertThat(refused.getDescription()).matches("proto:.cannot parse invalid wire-format data");
    }

    @Test
    void anErrorIsTheOneThatIsToldDirectly() {
        for (String name : List.of("m9", "")) {
            DirectMachine.Said said = direct.call(MOTOR, "IsPowered", "{\"name\": \"%s\"}".formatted(name));
            Status told = refusal(MOTOR + "/IsPowered", named(name), CallOptions.DEFAULT);
            assertThat(told.getCode()).isEqualTo(said.status().getCode());
            assertThat(told.getDescription()).isEqualTo(said.text());
        }
        Status unknown = refusal("acme.v1.Gizmo/GetIt", new byte[0], CallOptions.DEFAULT);
        assertThat(unknown.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(unknown.getDescription()).isEqualTo("Unimplemented");
    }

    @Test
    void aStreamBothWaysTellsWhatItTellsDirectly() {
        assertThat(new Descriptions(channel).services().keySet())
                .isEqualTo(direct.descriptions().services().keySet());
    }

    @Test
    void aStreamOfAnswersComesOneByOneUntilItIsCancelled() throws IOException {
        Streamed ticks = Streamed.open(TICKS, ticks(), CallOptions.DEFAULT);
        await().atMost(Duration.ofSeconds(10)).until(() -> ticks.messages.size() >= 2);
        assertThat(ticks.messages.getFirst()).isEmpty();
        assertThat(StreamTicksResponse.parseFrom(ticks.messages.get(1)).getPinName())
                .isEqualTo("i1");
        assertThat(operations()).contains("/" + TICKS);
        ticks.call.cancel("enough", null);
        assertThat(ticks.ended.join().getCode()).isEqualTo(Status.Code.CANCELLED);
        await().atMost(Duration.ofSeconds(5)).until(() -> !operations().contains("/" + TICKS));
    }

    @Test
    void aStreamOfAnswersEndsAtItsDeadlineOnBothSides() {
        Streamed ticks =
                Streamed.open(TICKS, ticks(), CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS));
        assertThat(ticks.ended.join().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(ticks.messages).isNotEmpty();
        await().atMost(Duration.ofSeconds(5)).until(() -> !operations().contains("/" + TICKS));
    }

    @Test
    void aCancelReachesTheMachine() {
        Streamed going = Streamed.open(GO_FOR, endless(), CallOptions.DEFAULT);
        await().atMost(Duration.ofSeconds(5)).until(() -> operations().contains("/" + GO_FOR));
        going.call.cancel("enough", null);
        assertThat(going.ended.join().getCode()).isEqualTo(Status.Code.CANCELLED);
        await().atMost(Duration.ofSeconds(5)).until(() -> !operations().contains("/" + GO_FOR));
        call(MOTOR + "/Stop", named("m1"));
    }

    @Test
    void aDeadlineReachesTheMachine() {
        Status told = refusal(GO_FOR, endless(), CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS));
        assertThat(told.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        await().atMost(Duration.ofSeconds(5)).until(() -> !operations().contains("/" + GO_FOR));
        call(MOTOR + "/Stop", named("m1"));
    }

    /** What the machine is about, without the question itself. */
    private static String operations() {
        return direct.call(ROBOT, "GetOperations", "{}").answer();
    }

    private static byte[] named(String name) {
        return IsPoweredRequest.newBuilder().setName(name).build().toByteArray();
    }

    private static byte[] endless() {
        return GoForRequest.newBuilder()
                .setName("m1")
                .setRpm(10)
                .setRevolutions(1_000)
                .build()
                .toByteArray();
    }

    private static byte[] ticks() {
        return StreamTicksRequest.newBuilder()
                .setName("board1")
                .addPinNames("i1")
                .build()
                .toByteArray();
    }

    private static DoCommandRequest request(int letters) {
        return DoCommandRequest.newBuilder()
                .setName("g1")
                .setCommand(text(letters))
                .build();
    }

    private static DoCommandResponse answer(int letters) {
        return DoCommandResponse.newBuilder().setResult(text(letters)).build();
    }

    private static Struct text(int letters) {
        StringBuilder text = new StringBuilder(letters);
        for (int i = 0; i < letters; i++) {
            // With a period that no frame has, so that none could be taken for another.
            text.append((char) ('0' + i % 61));
        }
        return Struct.newBuilder()
                .putFields(
                        "text",
                        Value.newBuilder().setStringValue(text.toString()).build())
                .build();
    }

    /** A message of exactly that size; what is around its text is the same for all that are nearly as long. */
    private static <M extends Message> M ofSize(int size, IntFunction<M> ofLetters) {
        int around = ofLetters.apply(size - 40).getSerializedSize() - (size - 40);
        M made = ofLetters.apply(size - around);
        assertThat(made.getSerializedSize()).isEqualTo(size);
        return made;
    }

    private static byte[] call(String method, byte[] request) {
        return ClientCalls.blockingUnaryCall(
                channel,
                raw(method, MethodType.UNARY),
                CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS),
                request);
    }

    private static Status refusal(String method, byte[] request, CallOptions options) {
        try {
            byte[] answer = ClientCalls.blockingUnaryCall(channel, raw(method, MethodType.UNARY), options, request);
            throw new AssertionError("%s answered with %d bytes".formatted(method, answer.length));
        } catch (StatusRuntimeException e) {
            return e.getStatus();
        }
    }

    private static MethodDescriptor<byte[], byte[]> raw(String method, MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName(method)
                .setRequestMarshaller(new Raw())
                .setResponseMarshaller(new Raw())
                .build();
    }

    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try {
                return message.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** One call with one request, and whatever it is answered. */
    private static final class Streamed extends ClientCall.Listener<byte[]> {

        private final ClientCall<byte[], byte[]> call;
        private final List<byte[]> messages = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Status> ended = new CompletableFuture<>();

        private Streamed(ClientCall<byte[], byte[]> call) {
            this.call = call;
        }

        static Streamed open(String method, byte[] request, CallOptions options) {
            Streamed streamed = new Streamed(channel.newCall(raw(method, MethodType.SERVER_STREAMING), options));
            streamed.call.start(streamed, new Metadata());
            streamed.call.request(100);
            streamed.call.sendMessage(request);
            streamed.call.halfClose();
            return streamed;
        }

        @Override
        public void onMessage(byte[] message) {
            messages.add(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            ended.complete(status);
        }
    }
}
