package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Status.Code;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.AuthenticateResponse;
import proto.rpc.v1.Credentials;
import proto.rpc.webrtc.v1.Request;
import proto.rpc.webrtc.v1.RequestMessage;
import proto.rpc.webrtc.v1.Response;
import viam.common.v1.DoCommandRequest;
import viam.common.v1.DoCommandResponse;
import viam.component.board.v1.StreamTicksRequest;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.IsMovingRequest;
import viam.component.motor.v1.IsMovingResponse;
import viam.component.motor.v1.SetPowerRequest;
import viam.robot.v1.GetOperationsRequest;
import viam.robot.v1.GetOperationsResponse;
import viam.robot.v1.GetSessionsRequest;
import viam.robot.v1.GetSessionsResponse;
import viam.robot.v1.GetVersionRequest;
import viam.robot.v1.GetVersionResponse;
import viam.robot.v1.PeerConnectionType;
import viam.robot.v1.SendSessionHeartbeatRequest;
import viam.robot.v1.SendSessionHeartbeatResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;

/** Calls by a data channel, frame by frame. */
class SimulatedDataChannelTest {

    private static final String ROBOT = "viam.robot.v1.RobotService/";
    private static final String MOTOR = "viam.component.motor.v1.MotorService/";
    private static final String ECHO = "viam.component.generic.v1.GenericService/DoCommand";
    private static final String REFLECTION = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";

    private final FakeTime time = new FakeTime();
    private final ScriptedPeers peers = new ScriptedPeers();
    private final SimulatedFleet fleet = SimulatedFleet.start(
            time,
            peers,
            List.of(MachineSpec.named("rover")
                    .inCloud()
                    .withKey("key", "secret")
                    .withWebRtc()));
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final FramedCaller caller = open();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aCallIsHeadersAMessageAndTrailersWithoutAStatusAndNeedsNoToken() {
        long id = caller.begin(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        FramedCaller.Reply reply = caller.await(id);
        assertThat(reply.only(GetVersionResponse.getDefaultInstance()).getPlatform())
                .isEqualTo("rdk");
        assertThat(reply.opid()).hasSize(36);
        List<Response> frames = caller.responses(id);
        assertThat(frames).hasSize(3);
        assertThat(frames.getFirst().hasHeaders()).isTrue();
        assertThat(frames.getLast().getTrailers().hasStatus()).isFalse();
    }

    @Test
    void headersComeWithTheFirstMessageAndNotBefore() {
        machine.hang(MOTOR + "IsMoving");
        long id = caller.begin(MOTOR + "IsMoving", moving());
        caller.call(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        assertThat(caller.responses(id)).isEmpty();
        machine.mend();
        assertThat(caller.await(id).only(IsMovingResponse.getDefaultInstance()).getIsMoving())
                .isFalse();
    }

    @Test
    void authenticationAndWhatNobodyKnowsAreUnimplemented() {
        FramedCaller.Reply authenticate =
                caller.call("proto.rpc.v1.AuthService/Authenticate", AuthenticateRequest.getDefaultInstance());
        assertThat(authenticate.code()).isEqualTo(Code.UNIMPLEMENTED);
        assertThat(caller.call("no.such/Method", AuthenticateRequest.getDefaultInstance())
                        .code())
                .isEqualTo(Code.UNIMPLEMENTED);
    }

    @Test
    void anErrorIsAStatusInTheTrailersAndStillHasHeaders() {
        FramedCaller.Reply reply = caller.call(
                MOTOR + "IsMoving", IsMovingRequest.newBuilder().setName("none").build());
        assertThat(reply.code()).isEqualTo(Code.UNKNOWN);
        assertThat(reply.text()).isEqualTo("no node found with api rdk:component:motor and name none");
        assertThat(reply.opid()).isNotNull();
    }

    @Test
    void theEndOfAUnaryCallNeedNotBeSaid() {
        long id = caller.headers(MOTOR + "IsMoving", Duration.ZERO);
        caller.message(id, moving().toByteString(), false);
        assertThat(caller.await(id).code()).isEqualTo(Code.OK);
    }

    @Test
    void messagesThatDoNotFitIntoAFrameComeAndGoInParts() {
        DoCommandRequest request = echo("x".repeat(200_000));
        long id = caller.headers(ECHO, Duration.ZERO);
        ByteString bytes = request.toByteString();
        for (int at = 0; at < bytes.size(); at += 16_373) {
            int end = Math.min(at + 16_373, bytes.size());
            caller.part(id, bytes.substring(at, end), end == bytes.size(), true);
        }
        FramedCaller.Reply reply = caller.await(id);
        assertThat(reply.only(DoCommandResponse.getDefaultInstance()).getResult())
                .isEqualTo(request.getCommand());
        assertThat(caller.responses(id)).hasSize(2 + 4);
        assertThat(caller.peer().sent).allSatisfy(frame -> assertThat(frame).hasSizeLessThanOrEqualTo(65_529));
    }

    @Test
    void anEmptyLastPartIsAnEmptyMessage() {
        long id = caller.headers(MOTOR + "IsMoving", Duration.ZERO);
        caller.part(id, moving().toByteString(), false, false);
        caller.part(id, ByteString.EMPTY, true, true);
        assertThat(caller.await(id).text()).contains("name ");
        assertThat(caller.await(id).code()).isEqualTo(Code.UNKNOWN);
    }

    @Test
    void theFrontOfAMessageThatIsTooLargeIsLostAndItsTailTakenForOne() {
        long id = caller.headers(MOTOR + "IsMoving", Duration.ZERO);
        ByteString filling = ByteString.copyFrom(new byte[65_000]);
        for (int i = 0; i <= Inbound.MOST_BYTES / filling.size(); i++) {
            caller.part(id, filling, false, false);
        }
        caller.message(id, moving().toByteString(), true);
        assertThat(caller.await(id).code()).isEqualTo(Code.OK);
    }

    @Test
    void theLargestFrameIsTakenAndOneByteMoreClosesTheChannel() {
        caller.peer().listener.frame(new byte[Peer.MOST_FRAME]);
        caller.call(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        caller.peer().listener.frame(new byte[Peer.MOST_FRAME + 1]);
        await().untilTrue(caller.peer().closed);
        assertThat(machine.connections()).isZero();
    }

    @Test
    void whoResetsACallIsToldSoAndItsOperationIsGone() {
        long id = caller.begin(MOTOR + "GoFor", goFor());
        await().until(() -> operations() == 1);
        caller.reset(id);
        FramedCaller.Reply reply = caller.await(id);
        assertThat(reply.code()).isEqualTo(Code.CANCELLED);
        assertThat(reply.text()).isEqualTo("request cancelled");
        assertThat(operations()).isZero();
        assertThat(machine.isMoving("m1")).as("cancelled is not stopped").isTrue();
    }

    @Test
    void aCallEndsAtItsDeadlineAtTheMachineToo() {
        long id = caller.headers(MOTOR + "GoFor", Duration.ofMillis(500));
        caller.message(id, goFor().toByteString(), true);
        await().until(() -> operations() == 1);
        time.advance(Duration.ofMillis(499));
        assertThat(caller.ended(id)).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(caller.await(id).code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(operations()).isZero();
        long late = caller.headers(ROBOT + "GetVersion", Duration.ofMillis(-1));
        assertThat(caller.await(late).code()).isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    @Test
    void allCallsAreCancelledWhenTheChannelCloses() {
        long id = caller.begin(MOTOR + "GoFor", goFor());
        await().until(() -> operations() == 1);
        caller.peer().listener.closed("closed by the other side");
        // Opening counts the connections that there are, so the one that ends must be gone.
        await().until(() -> machine.connections() == 0);
        FramedCaller other = open();
        await().until(() -> other.call(ROBOT + "GetOperations", GetOperationsRequest.getDefaultInstance())
                        .only(GetOperationsResponse.getDefaultInstance())
                        .getOperationsCount()
                == 0);
        assertThat(caller.ended(id)).isFalse();
        await().untilTrue(caller.peer().closed);
        assertThat(machine.connections()).isOne();
    }

    @Test
    void framesThatMakeNoSenseAreDroppedAndThoseOutOfTurnRefused() {
        caller.peer().listener.frame(new byte[] {1, 2, 3});
        caller.peer()
                .listener
                .frame(Request.newBuilder().setRstStream(true).build().toByteArray());
        caller.message(77, moving().toByteString(), true);
        caller.reset(78);
        machine.hang(null);
        long twice = caller.begin(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        caller.headers(twice, ROBOT + "GetVersion", Duration.ZERO);
        assertThat(caller.await(twice).text()).isEqualTo("headers already received");
        long nothing = caller.begin(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        caller.send(nothing, Request.newBuilder());
        assertThat(caller.await(nothing).text()).startsWith("unknown request type");
        machine.mend();
        long silent = caller.headers(MOTOR + "IsMoving", Duration.ZERO);
        caller.send(
                silent,
                Request.newBuilder().setMessage(RequestMessage.newBuilder().setHasMessage(true)));
        caller.message(silent, moving().toByteString(), true);
        caller.call(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        assertThat(caller.responses(silent)).as("a real machine says nothing").isEmpty();
        assertThat(caller.responses(77)).isEmpty();
        assertThat(caller.responses(78)).isEmpty();
    }

    @Test
    void aStreamOfTheMachineGoesOnUntilItIsReset() {
        long id = caller.begin(
                "viam.component.board.v1.BoardService/StreamTicks",
                StreamTicksRequest.newBuilder()
                        .setName("board1")
                        .addPinNames("i1")
                        .build());
        await().until(() -> caller.responses(id).size() >= 2);
        assertThat(caller.responses(id).get(1).getMessage().getPacketMessage().getEom())
                .isTrue();
        time.advance(Duration.ofSeconds(5));
        await().until(() -> caller.responses(id).size() >= 4);
        caller.reset(id);
        assertThat(caller.await(id).code()).isEqualTo(Code.CANCELLED);
    }

    @Test
    void reflectionIsOneStreamOfManyRequestsAndListsNoAuthentication() {
        long id = caller.headers(REFLECTION, Duration.ZERO);
        ByteString list =
                ServerReflectionRequest.newBuilder().setListServices("").build().toByteString();
        caller.message(id, list, false);
        caller.message(id, list, false);
        await().until(() ->
                caller.responses(id).stream().filter(Response::hasMessage).count() == 2);
        caller.send(
                id, Request.newBuilder().setMessage(RequestMessage.newBuilder().setEos(true)));
        FramedCaller.Reply reply = caller.await(id);
        assertThat(reply.code()).isEqualTo(Code.OK);
        assertThat(services(reply))
                .contains("viam.robot.v1.RobotService", "proto.rpc.webrtc.v1.SignalingService")
                .doesNotContain("proto.rpc.v1.AuthService");
    }

    @Test
    void aLongAnswerDoesNotHoldUpAShortOne() {
        caller.peer().buffered = 2 << 20;
        long large = caller.headers(ECHO, Duration.ZERO);
        ByteString bytes = echo("x".repeat(100_000)).toByteString();
        caller.part(large, bytes.substring(0, 50_000), false, false);
        caller.message(large, bytes.substring(50_000), true);
        long small = caller.begin(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        await().until(() -> machine.callsSeen() == 2);
        caller.peer().buffered = 0;
        await().until(() -> {
            time.advance(Duration.ofMillis(5));
            return caller.ended(small) && caller.ended(large);
        });
        Response second = caller.responses(large).get(2);
        assertThat(second.getMessage().getPacketMessage().getEom()).isTrue();
        assertThat(order(caller.responses(small).get(1))).isLessThan(order(second));
    }

    @Test
    void nothingIsWrittenWhileTooMuchHasNotLeft() {
        caller.peer().buffered = (1 << 20) + 1;
        long id = caller.begin(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        await().until(() -> !time.pendingTimers().isEmpty());
        time.advance(Duration.ofMillis(50));
        assertThat(caller.responses(id)).isEmpty();
        caller.peer().buffered = 1 << 20;
        time.advance(Duration.ofMillis(5));
        assertThat(caller.await(id).code()).isEqualTo(Code.OK);
    }

    @Test
    void aSessionSurvivesARedialAndIsUnknownOnAnyOtherWay() {
        String sid = start(caller);
        assertThat(beat(caller, sid).code()).isEqualTo(Code.OK);
        var session = caller.call(ROBOT + "GetSessions", GetSessionsRequest.getDefaultInstance())
                .only(GetSessionsResponse.getDefaultInstance())
                .getSessions(0);
        assertThat(session.getPeerConnectionInfo().getType()).isEqualTo(PeerConnectionType.PEER_CONNECTION_TYPE_WEBRTC);
        assertThat(session.getPeerConnectionInfo().getRemoteAddress()).isEqualTo("udp4 host 10.0.0.1:59550");
        caller.peer().listener.closed("closed by the other side");

        FramedCaller again = open();
        assertThat(beat(again, sid).code()).isEqualTo(Code.OK);
        FramedCaller byItsOwnSignaling = FramedCaller.open(machine, peers, Passage.Network.LAN);
        assertThat(beat(byItsOwnSignaling, sid).text()).isEqualTo(Sessions.EXPIRED);
        try (Caller direct = Caller.of(machine)) {
            String token = direct.call(
                            "proto.rpc.v1.AuthService/Authenticate",
                            AuthenticateRequest.newBuilder()
                                    .setEntity("key")
                                    .setCredentials(Credentials.newBuilder()
                                            .setType("api-key")
                                            .setPayload("secret"))
                                    .build(),
                            AuthenticateResponse.getDefaultInstance())
                    .only()
                    .getAccessToken();
            direct.with(Tokens.AUTHORIZATION, "Bearer " + token);
            var foreign = direct.call(
                    ROBOT + "SendSessionHeartbeat",
                    SendSessionHeartbeatRequest.newBuilder().setId(sid).build(),
                    SendSessionHeartbeatResponse.getDefaultInstance());
            assertThat(foreign.text()).isEqualTo(Sessions.EXPIRED);
        }
    }

    @Test
    void aSessionProtectsWhatItMovesByADataChannelToo() {
        caller.with("viam-sid", start(caller));
        caller.call(
                MOTOR + "SetPower",
                SetPowerRequest.newBuilder().setName("m1").setPowerPct(0.5).build());
        assertThat(machine.isMoving("m1")).isTrue();
        time.advance(Duration.ofSeconds(2));
        await().until(() -> !machine.isMoving("m1"));
    }

    @Test
    void aHeaderInUpperCaseIsNotFound() {
        caller.with("Viam-Sid", "junk");
        assertThat(caller.call(
                                MOTOR + "SetPower",
                                SetPowerRequest.newBuilder()
                                        .setName("m1")
                                        .setPowerPct(0.5)
                                        .build())
                        .code())
                .isEqualTo(Code.OK);
        assertThat(machine.monitoredWithoutSession()).isOne();
    }

    @Test
    void aRestartClosesAllChannelsAndAKilledMachineIsNoticedLater() {
        machine.restart();
        assertThat(machine.connections()).isZero();
        await().untilTrue(caller.peer().closed);
        FramedCaller other = open();
        machine.powerOff();
        other.begin(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        assertThat(other.peer().sent).isEmpty();
        assertThat(other.peer().closed).isFalse();
        time.advance(Duration.ofSeconds(6));
        await().untilTrue(other.peer().closed);
        var _ = machine.answerer(Passage.Network.INTERNET).orElseThrow().answer("o", true, new FramedCaller.Nobody());
        machine.powerOn();
        assertThat(open().call(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance())
                        .code())
                .isEqualTo(Code.OK);
    }

    private FramedCaller open() {
        return FramedCaller.open(machine, peers, Passage.Network.INTERNET);
    }

    private int operations() {
        FramedCaller other = caller;
        return other.call(ROBOT + "GetOperations", GetOperationsRequest.getDefaultInstance())
                .only(GetOperationsResponse.getDefaultInstance())
                .getOperationsCount();
    }

    private int order(Response response) {
        List<byte[]> sent = caller.peer().sent;
        for (int i = 0; i < sent.size(); i++) {
            if (Arrays.equals(sent.get(i), response.toByteArray())) {
                return i;
            }
        }
        throw new AssertionError("not sent");
    }

    private static String start(FramedCaller caller) {
        return caller.call(ROBOT + "StartSession", StartSessionRequest.getDefaultInstance())
                .only(StartSessionResponse.getDefaultInstance())
                .getId();
    }

    private static FramedCaller.Reply beat(FramedCaller caller, String sid) {
        return caller.call(
                ROBOT + "SendSessionHeartbeat",
                SendSessionHeartbeatRequest.newBuilder().setId(sid).build());
    }

    private static IsMovingRequest moving() {
        return IsMovingRequest.newBuilder().setName("m1").build();
    }

    private static GoForRequest goFor() {
        return GoForRequest.newBuilder()
                .setName("m1")
                .setRpm(60)
                .setRevolutions(1_000)
                .build();
    }

    private static DoCommandRequest echo(String text) {
        return DoCommandRequest.newBuilder()
                .setName("g1")
                .setCommand(Struct.newBuilder()
                        .putFields(
                                "echo", Value.newBuilder().setStringValue(text).build()))
                .build();
    }

    private static List<String> services(FramedCaller.Reply reply) {
        try {
            return ServerReflectionResponse.parseFrom(
                            Objects.requireNonNull(reply.messages().getFirst()))
                    .getListServicesResponse()
                    .getServiceList()
                    .stream()
                    .map(ServiceResponse::getName)
                    .toList();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
