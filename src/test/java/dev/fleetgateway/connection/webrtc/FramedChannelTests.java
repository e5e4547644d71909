package dev.fleetgateway.connection.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import dev.fleetgateway.connection.CallTracer;
import dev.fleetgateway.time.FakeTime;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import proto.rpc.webrtc.v1.Request;
import proto.rpc.webrtc.v1.Strings;
import viam.robot.v1.GetMachineStatusRequest;
import viam.robot.v1.GetMachineStatusResponse;
import viam.robot.v1.RobotServiceGrpc;

class FramedChannelTests {

    private static final InetSocketAddress THERE = new InetSocketAddress("10.0.0.2", 59_550);
    private static final int MIB = 1024 * 1024;

    private final FakeTime time = new FakeTime();
    private final ScriptedPeer peer = new ScriptedPeer();
    private final FramedChannel channel = new FramedChannel(peer, THERE, time, Runnable::run);
    private final Told told = new Told();

    FramedChannelTests() {
        peer.speakTo(channel);
    }

    private ClientCall<byte[], byte[]> call(String name, MethodType type, CallOptions options) {
        ClientCall<byte[], byte[]> call = channel.newCall(Told.method(name, type), options);
        call.start(told, new Metadata());
        return call;
    }

    private ClientCall<byte[], byte[]> unary(byte[] request) {
        return unary("Get", request, CallOptions.DEFAULT.withStreamTracerFactory(told.tracer()));
    }

    private ClientCall<byte[], byte[]> unary(String name, byte[] request, CallOptions options) {
        ClientCall<byte[], byte[]> call = call(name, MethodType.UNARY, options);
        call.sendMessage(request);
        call.halfClose();
        call.request(2);
        return call;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return bytes;
    }

    private static byte[] joined(List<Request> frames) {
        return ByteString.copyFrom(frames.stream()
                        .map(frame -> frame.getMessage().getPacketMessage().getData())
                        .toList())
                .toByteArray();
    }

    @Test
    void aStubIsAnsweredAsOnAnyChannel() {
        peer.on(frame -> {
            if (frame.getMessage().getEos()) {
                peer.answer(
                        frame.getStream().getId(),
                        GetMachineStatusResponse.newBuilder()
                                .setState(GetMachineStatusResponse.State.STATE_RUNNING)
                                .build()
                                .toByteArray());
            }
        });

        GetMachineStatusResponse status = RobotServiceGrpc.newBlockingStub(channel)
                .getMachineStatus(GetMachineStatusRequest.getDefaultInstance());

        assertThat(status.getState()).isEqualTo(GetMachineStatusResponse.State.STATE_RUNNING);
        assertThat(peer.sent().getFirst().getHeaders().getMethod())
                .isEqualTo("/viam.robot.v1.RobotService/GetMachineStatus");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_509, 65_510, MIB, 32 * MIB})
    void aRequestGoesInFramesThatAMachineTakes(int size) {
        byte[] request = bytes(size);

        unary(request);

        List<Request> frames = peer.sent();
        assertThat(peer.sizes()).allMatch(length -> length <= 65_535);
        assertThat(frames.getFirst().getTypeCase()).isEqualTo(Request.TypeCase.HEADERS);
        List<Request> parts = frames.subList(1, frames.size());
        assertThat(parts).hasSize(Math.max(1, (size + 65_508) / 65_509));
        assertThat(parts)
                .allMatch(part ->
                        part.getStream().getId() == 1 && part.getMessage().getHasMessage());
        assertThat(parts.getLast().getMessage().getEos()).isTrue();
        assertThat(parts.getLast().getMessage().getPacketMessage().getEom()).isTrue();
        assertThat(parts.subList(0, parts.size() - 1))
                .noneMatch(part -> part.getMessage().getEos()
                        || part.getMessage().getPacketMessage().getEom());
        assertThat(joined(parts)).isEqualTo(request);
    }

    @Test
    void aRequestThatAMachineWouldTearIsRefusedBeforeItsFirstByte() {
        unary(new byte[32 * MIB + 1]);

        assertThat(told.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(told.status().getDescription()).contains("33554432").contains("not sent");
        assertThat(peer.sent()).isEmpty();
        assertThat(told.order)
                .containsExactly("tracer", "tracer: closed RESOURCE_EXHAUSTED", "closed RESOURCE_EXHAUSTED");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_513, 65_514, MIB, 32 * MIB})
    void anAnswerOfAnySizeArrivesWhole(int size) {
        byte[] answer = bytes(size);
        unary(bytes(3));

        peer.answer(1, answer);

        assertThat(told.order)
                .containsExactly(
                        "tracer",
                        "tracer: created",
                        "headers",
                        "message",
                        "tracer: trailers",
                        "tracer: closed OK",
                        "closed OK");
        assertThat(Arrays.equals(told.messages.getFirst(), answer)).isTrue();
        assertThat(channel.unread().taken()).isZero();
    }

    @Test
    void anAnswerAboveTheLimitEndsTheCallAtTheMachineToo() {
        unary(bytes(3));
        peer.sent();
        peer.headers(1);

        peer.message(1, new byte[32 * MIB + 1]);
        peer.ok(1);

        assertThat(told.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(told.status().getDescription()).startsWith("gRPC message exceeds maximum size 33554432");
        assertThat(peer.sent()).singleElement().matches(Request::getRstStream);
        assertThat(told.order).doesNotContain("message", "tracer: trailers");
        assertThat(channel.unread().taken()).isZero();
    }

    @Test
    void anErrorKeepsItsTextItsDetailsAndItsMetadata() {
        com.google.rpc.Status said = com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.INVALID_ARGUMENT.value())
                .setMessage("SESSION_EXPIRED")
                .addDetails(Any.pack(StringValue.of("why")))
                .build();
        unary(bytes(3));

        peer.headers(1);
        peer.trailers(
                1,
                proto.rpc.webrtc.v1.ResponseTrailers.newBuilder()
                        .setStatus(said)
                        .setMetadata(wire("Opid", "7"))
                        .build());

        assertThat(told.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(told.status().getDescription()).isEqualTo("SESSION_EXPIRED");
        assertThat(StatusProto.fromStatusAndTrailers(told.status(), told.trailers()))
                .isEqualTo(said);
        assertThat(told.trailers().get(ascii("opid"))).isEqualTo("7");
        assertThat(told.order).contains("tracer: trailers");
    }

    @Test
    void aMessageBeforeAnErrorDoesNotMakeItASuccess() {
        unary(bytes(3));

        peer.headers(1);
        peer.message(1, bytes(2));
        peer.fail(1, com.google.rpc.Status.newBuilder().setCode(2).build());

        assertThat(told.status().getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(told.status().getDescription()).isNull();
    }

    @Test
    void metadataTravelsInLowerCaseWithoutWhatBelongsToHttp2() {
        Metadata headers = new Metadata();
        headers.put(ascii("Viam-Sid"), "s1");
        headers.put(ascii("opid"), "a");
        headers.put(ascii("opid"), "b");
        headers.put(ascii("te"), "trailers");
        headers.put(ascii("content-type"), "application/grpc");
        headers.put(ascii("grpc-timeout"), "1S");
        headers.put(Metadata.Key.of("x-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {1});
        ClientCall<byte[], byte[]> call = channel.newCall(Told.method("Get", MethodType.UNARY), CallOptions.DEFAULT);
        call.start(told, headers);
        call.sendMessage(bytes(1));
        call.halfClose();
        peer.headers(
                1,
                wire("Opid", "a").toBuilder()
                        .putMd("not a key", Strings.getDefaultInstance())
                        .build());

        assertThat(peer.sent().getFirst().getHeaders().getMetadata().getMdMap())
                .containsOnlyKeys("viam-sid", "opid")
                .containsEntry(
                        "opid",
                        Strings.newBuilder().addValues("a").addValues("b").build());
        assertThat(told.headers().get(ascii("opid"))).isEqualTo("a");
    }

    @Test
    void aCancelledCallIsCancelledAtTheMachineAndWhatComesLaterIsDropped() {
        ClientCall<byte[], byte[]> call = unary(bytes(3));
        peer.sent();

        call.cancel("no more", null);
        peer.answer(1, bytes(1));
        call.cancel("again", null);

        assertThat(peer.sent()).singleElement().matches(Request::getRstStream);
        assertThat(told.order)
                .containsExactly("tracer", "tracer: created", "tracer: closed CANCELLED", "closed CANCELLED");
        assertThat(told.status().getDescription()).isEqualTo("no more");
    }

    @Test
    void aCallCancelledBeforeItWasSentIsNeverSent() {
        ClientCall<byte[], byte[]> call = call("Get", MethodType.UNARY, CallOptions.DEFAULT);
        call.sendMessage(bytes(1));

        call.cancel("no", null);

        assertThat(peer.sent()).isEmpty();
        assertThat(told.order).containsExactly("closed CANCELLED");
    }

    @Test
    void theDeadlineIsSentAndAlsoKeptHere() {
        unary(
                "Get",
                bytes(3),
                CallOptions.DEFAULT
                        .withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                        .withStreamTracerFactory(told.tracer()));
        var timeout = peer.sent().getFirst().getHeaders().getTimeout();
        assertThat(timeout.getSeconds()).isZero();
        assertThat(timeout.getNanos()).isBetween(1, 500_000_000);

        time.advance(Duration.ofMillis(501));
        peer.answer(1, bytes(1));

        assertThat(told.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(peer.sent()).singleElement().matches(Request::getRstStream);
        assertThat(told.order).doesNotContain("message", "tracer: trailers");
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void theNearerOfTheCallsAndTheContextsDeadlineCounts() {
        Context.CancellableContext context = Context.current()
                .withDeadlineAfter(
                        100,
                        TimeUnit.SECONDS,
                        java.util.concurrent.Executors.newSingleThreadScheduledExecutor(
                                Thread.ofPlatform().daemon().factory()));
        context.run(() -> unary("Get", bytes(1), CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS)));

        assertThat(peer.sent().getFirst().getHeaders().getTimeout().getSeconds())
                .isBetween(90L, 100L);
        context.cancel(null);

        assertThat(told.status().getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void anAnsweredCallLeavesNoTimer() {
        unary("Get", bytes(1), CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS));
        assertThat(time.pendingTimers()).hasSize(1);

        peer.answer(1, bytes(1));

        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void aDeadlineThatHasPassedSendsNothing() {
        unary("Get", bytes(1), CallOptions.DEFAULT.withDeadlineAfter(-1, TimeUnit.SECONDS));

        assertThat(told.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(peer.sent()).isEmpty();
    }

    @Test
    void headersAreNoSignThatTheMachineAnswered() {
        CallTracer tracer = new CallTracer();
        ClientCall<byte[], byte[]> call = unary("Get", bytes(1), CallOptions.DEFAULT.withStreamTracerFactory(tracer));
        peer.headers(1);
        call.cancel("no", null);

        assertThat(tracer.handed()).isTrue();
        assertThat(tracer.answered()).isFalse();
        assertThat(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)).isEqualTo(THERE);
    }

    @Test
    void anAnswerThatComesWhileTheCallIsBeingHandedOverIsToldAfterwards() {
        peer.on(frame -> {
            if (frame.hasHeaders()) {
                peer.headers(1);
                peer.fail(1, com.google.rpc.Status.newBuilder().setCode(16).build());
            }
        });

        unary(bytes(1));

        assertThat(told.order)
                .containsExactly(
                        "tracer",
                        "tracer: created",
                        "headers",
                        "tracer: trailers",
                        "tracer: closed UNAUTHENTICATED",
                        "closed UNAUTHENTICATED");
    }

    @Test
    void callsTakeTurnsFrameByFrame() {
        peer.buffer(2 * MIB);
        unary(bytes(2 * MIB));
        unary(bytes(3 * 65_509));
        unary(bytes(3 * 65_509));
        peer.sent();

        peer.buffer(0);
        time.advance(FrameWriter.PAUSE);

        assertThat(peer.sent())
                .extracting(frame -> frame.getStream().getId())
                .startsWith(1L, 2L, 3L, 1L, 2L, 3L, 1L, 2L, 3L);
    }

    @Test
    void aFullChannelIsWaitedForAndPresenceStopsAndCancellingAreNotHeldUpByIt() {
        peer.buffer(2 * MIB);
        ClientCall<byte[], byte[]> large = unary(bytes(4 * MIB));
        assertThat(peer.sizes().stream().mapToLong(Integer::longValue).sum())
                .isBetween(FrameWriter.MOST_BUFFERED, FrameWriter.MOST_BUFFERED + 70_000L);
        peer.sent();
        unary("Get", bytes(1), CallOptions.DEFAULT);
        time.advance(Duration.ofSeconds(1));
        assertThat(peer.sent()).isEmpty();
        assertThat(time.pendingTimers()).hasSize(1);

        unary("Stop", bytes(1), CallOptions.DEFAULT);
        assertThat(peer.sent()).hasSize(2).allMatch(frame -> frame.getStream().getId() == 3);
        large.cancel("no more", null);
        assertThat(peer.sent()).singleElement().matches(Request::getRstStream);

        peer.buffer(FrameWriter.MOST_BUFFERED);
        time.advance(FrameWriter.PAUSE);
        assertThat(peer.sent()).hasSize(2).allMatch(frame -> frame.getStream().getId() == 2);
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void moreThanMayWaitIsRefusedAndNothingOfItWasSent() {
        peer.buffer(2 * MIB);
        unary(bytes(32 * MIB));
        unary(bytes(32 * MIB));
        assertThat(told.isEnded()).isFalse();

        unary(bytes(32 * MIB));

        assertThat(told.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(told.order).filteredOn("tracer: created"::equals).hasSize(1);
    }

    @Test
    void theLastPlacesAreForPresenceAndStops() {
        for (int i = 0; i < FramedChannel.MOST_CALLS - FramedChannel.RESERVE; i++) {
            unary(bytes(0));
        }
        assertThat(told.isEnded()).isFalse();
        peer.sent();

        unary(bytes(0));
        assertThat(told.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(peer.sent()).isEmpty();

        unary("SendSessionHeartbeat", bytes(0), CallOptions.DEFAULT);
        assertThat(peer.sent()).hasSize(2);
    }

    @Test
    void aChannelThatClosesEndsItsCallsAndTheirFateIsUnknown() {
        CallTracer before = new CallTracer();
        CallTracer after = new CallTracer();
        unary(
                "Get",
                bytes(1),
                CallOptions.DEFAULT.withStreamTracerFactory(before).withDeadlineAfter(1, TimeUnit.HOURS));
        peer.sent();

        channel.closed("disconnected");

        assertThat(told.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(told.status().getDescription()).contains("disconnected");
        assertThat(before.handed()).isTrue();
        assertThat(before.answered()).isFalse();
        unary("Get", bytes(1), CallOptions.DEFAULT.withStreamTracerFactory(after));
        assertThat(told.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(after.handed()).isFalse();
        assertThat(peer.sent()).isEmpty();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void aPeerThatTakesNothingEndsTheChannelAndNothingWasSent() {
        CallTracer tracer = new CallTracer();
        peer.takeNothing();

        unary("Get", bytes(1), CallOptions.DEFAULT.withStreamTracerFactory(tracer));

        assertThat(told.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(tracer.handed()).isFalse();
    }

    @Test
    void closingClosesThePeerAndEndsWhatIsInFlight() {
        unary(bytes(1));

        channel.close();
        channel.close();

        assertThat(peer.isClosed()).isTrue();
        assertThat(told.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aRetiredChannelTakesNoCallAndTellsWhenTheLastHasEnded() {
        AtomicInteger idle = new AtomicInteger();
        unary(bytes(1));
        channel.retire(idle::incrementAndGet);
        Told refused = new Told();
        channel.newCall(Told.method("Get", MethodType.UNARY), CallOptions.DEFAULT)
                .start(refused, new Metadata());

        assertThat(refused.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(idle).hasValue(0);
        peer.answer(1, bytes(1));
        assertThat(told.status().isOk()).isTrue();
        assertThat(idle).hasValue(1);
    }

    @Test
    void anIdleChannelRetiresAtOnce() {
        AtomicInteger idle = new AtomicInteger();

        channel.retire(idle::incrementAndGet);

        assertThat(idle).hasValue(1);
    }

    @Test
    void aMessageIsToldOnlyWhenItWasAskedForAndTheEndAfterIt() {
        ClientCall<byte[], byte[]> call = call("List", MethodType.SERVER_STREAMING, CallOptions.DEFAULT);
        call.sendMessage(bytes(0));
        call.halfClose();
        peer.headers(1);
        peer.message(1, new byte[0]);
        peer.message(1, bytes(2));
        peer.ok(1);

        assertThat(told.order).containsExactly("headers");
        call.request(1);
        assertThat(told.order).containsExactly("headers", "message");
        call.request(1);
        assertThat(told.order).containsExactly("headers", "message", "message", "closed OK");
    }

    @Test
    void aReaderTooSlowForItsStreamLosesIt() {
        ClientCall<byte[], byte[]> call = call("List", MethodType.SERVER_STREAMING, CallOptions.DEFAULT);
        call.sendMessage(bytes(0));
        call.halfClose();
        peer.sent();
        for (int i = 0; i <= Reception.MOST_WAITING; i++) {
            peer.message(1, bytes(9));
        }

        assertThat(told.order).containsExactly("closed RESOURCE_EXHAUSTED");
        assertThat(peer.sent()).singleElement().matches(Request::getRstStream);
        assertThat(channel.unread().taken()).isZero();
    }

    @Test
    void whatWaitsToBeReadIsBoundedForTheWholeConnection() {
        for (int i = 1; i <= 5; i++) {
            ClientCall<byte[], byte[]> call = call("List", MethodType.SERVER_STREAMING, CallOptions.DEFAULT);
            call.sendMessage(bytes(0));
            call.halfClose();
            assertThat(told.isEnded()).isFalse();
            peer.message(i, new byte[32 * MIB]);
        }

        assertThat(told.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(channel.unread().taken()).isEqualTo(4L * 32 * MIB);
    }

    @Test
    void aCallWithManyRequestsSendsThemAsTheyCome() {
        ClientCall<byte[], byte[]> call = call("Talk", MethodType.BIDI_STREAMING, CallOptions.DEFAULT);
        assertThat(peer.sent()).singleElement().matches(Request::hasHeaders);
        assertThat(told.order).containsExactly("ready");
        assertThat(call.isReady()).isTrue();

        call.sendMessage(bytes(65_510));
        call.sendMessage(new byte[0]);
        List<Request> messages = peer.sent();
        call.halfClose();

        assertThat(messages)
                .extracting(frame -> frame.getMessage().getPacketMessage().getEom())
                .containsExactly(false, true, true);
        assertThat(messages).noneMatch(frame -> frame.getMessage().getEos());
        Request end = peer.sent().getFirst();
        assertThat(end.getMessage().getEos()).isTrue();
        assertThat(end.getMessage().getHasMessage()).isFalse();
        assertThat(end.getMessage().getPacketMessage().getEom()).isTrue();
    }

    @Test
    void callbacksOfOneCallComeInOrderOnItsExecutorAndOneAtATime() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Executor executor = tasks::add;
        unary("Get", bytes(1), CallOptions.DEFAULT.withExecutor(executor));
        peer.answer(1, bytes(1));

        assertThat(told.order).isEmpty();
        assertThat(tasks).hasSize(1);
        tasks.poll().run();
        assertThat(told.order).containsExactly("headers", "message", "closed OK");
        assertThat(tasks).isEmpty();
    }

    @Test
    void aListenerThatThrowsLosesItsCallAndNobodyElsesIsTouched() {
        ClientCall<byte[], byte[]> call = channel.newCall(Told.method("Get", MethodType.UNARY), CallOptions.DEFAULT);
        List<Status> ended = new ArrayList<>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(byte[] message) {
                        throw new IllegalStateException("in the test");
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.add(status);
                    }
                },
                new Metadata());
        call.sendMessage(bytes(1));
        call.halfClose();
        call.request(1);
        unary(bytes(1));

        peer.answer(1, bytes(1));
        peer.answer(2, bytes(1));

        assertThat(ended).singleElement().matches(status -> status.getCode() == Status.Code.CANCELLED);
        assertThat(told.status().isOk()).isTrue();
    }

    @Test
    void framesThatAreNoneOrOfNobodyAreDropped() {
        unary(bytes(1));

        channel.frame(new byte[] {1, 2, 3});
        channel.frame(new byte[0]);
        peer.answer(99, bytes(1));
        peer.answer(1, bytes(1));

        assertThat(told.status().isOk()).isTrue();
    }

    @Test
    void anAnswerThatEndsInTheMiddleIsNoSuccess() {
        unary(bytes(1));

        peer.headers(1);
        peer.part(1, ByteString.copyFromUtf8("half"), false);
        peer.ok(1);

        assertThat(told.status().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(channel.unread().taken()).isZero();
    }

    @Test
    void metadataThatFitsIntoNoFrameIsRefused() {
        Metadata headers = new Metadata();
        headers.put(ascii("long"), "x".repeat(70_000));
        channel.newCall(Told.method("Get", MethodType.UNARY), CallOptions.DEFAULT)
                .start(told, headers);

        assertThat(told.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(peer.sent()).isEmpty();
    }

    @Test
    void aCallIsStartedOnce() {
        ClientCall<byte[], byte[]> call = call("Get", MethodType.UNARY, CallOptions.DEFAULT);

        assertThatThrownBy(() -> call.start(told, new Metadata())).isInstanceOf(IllegalStateException.class);
        call.halfClose();
        assertThatThrownBy(() -> call.sendMessage(bytes(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anUnaryAnswerWithoutAMessageIsSaidByTheStub() {
        peer.on(frame -> {
            if (frame.getMessage().getEos()) {
                peer.headers(1);
                peer.ok(1);
            }
        });

        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                        channel, Told.method("Get", MethodType.UNARY), CallOptions.DEFAULT, bytes(1)))
                .hasMessageContaining("INTERNAL");
    }

    private static Metadata.Key<String> ascii(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static proto.rpc.webrtc.v1.Metadata wire(String key, String value) {
        return proto.rpc.webrtc.v1.Metadata.newBuilder()
                .putMd(key, Strings.newBuilder().addValues(value).build())
                .build();
    }
}
