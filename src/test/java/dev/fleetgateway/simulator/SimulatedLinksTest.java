package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.time.FakeTime;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigRequest;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigResponse;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.robot.v1.GetOperationsRequest;
import viam.robot.v1.GetOperationsResponse;
import viam.robot.v1.GetVersionRequest;
import viam.robot.v1.GetVersionResponse;

/** The networks of a machine and what becomes of its connections when they fail. */
class SimulatedLinksTest {

    private static final String ROBOT = "viam.robot.v1.RobotService/";
    private static final String MOTOR = "viam.component.motor.v1.MotorService/";
    private static final String SIGNALING = "proto.rpc.webrtc.v1.SignalingService/";

    private final FakeTime time = new FakeTime();
    private final ScriptedPeers peers = new ScriptedPeers();
    private final SimulatedFleet fleet = SimulatedFleet.start(
            time,
            peers,
            List.of(
                    MachineSpec.named("rover").inCloud().withWebRtc(),
                    MachineSpec.named("safe").withTls()));
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final Caller direct = Caller.of(machine);

    @AfterEach
    void close() {
        direct.close();
        fleet.close();
    }

    static Status version(Caller caller) {
        return begin(caller).join().status();
    }

    private static CompletableFuture<Caller.Reply<GetVersionResponse>> begin(Caller caller) {
        return caller.begin(
                ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance(), GetVersionResponse.getDefaultInstance());
    }

    private static FramedCaller.Reply version(FramedCaller caller) {
        return caller.call(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
    }

    @Test
    void whoLeavesTheLanIsSilentThereAndGoesOnByTheInternet() {
        FramedCaller byCloud = FramedCaller.open(machine, peers, Passage.Network.INTERNET);
        FramedCaller byItsOwn = FramedCaller.open(machine, peers, Passage.Network.LAN);
        assertThat(version(direct).isOk()).isTrue();
        machine.leaveLan();
        assertThat(machine.faults()).containsExactly(ActiveFault.of(Fault.LEAVE_LAN));
        var waiting = begin(direct);
        long silent = byItsOwn.begin(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        try (Caller late = Caller.of(machine)) {
            int before = machine.connections();
            var unheard = begin(late);
            await().until(() -> machine.connections() > before);
            assertThat(version(byCloud).code()).isEqualTo(Code.OK);
            assertThat(unheard).isNotDone();
            assertThat(waiting).isNotDone();
            assertThat(byItsOwn.responses(silent)).isEmpty();
            machine.mend();
            assertThat(unheard.join().status().isOk()).isTrue();
            assertThat(waiting.join().status().isOk()).isTrue();
            assertThat(byItsOwn.await(silent).code()).isEqualTo(Code.OK);
        }
        assertThat(version(direct).isOk()).isTrue();
    }

    @Test
    void aHandshakeIsAsSilentAsAnythingElse() {
        SimulatedMachine safe = fleet.machine("safe").orElseThrow();
        safe.leaveLan();
        try (Caller caller = Caller.of(safe)) {
            var waiting = begin(caller);
            await().until(() -> safe.connections() == 1);
            assertThat(waiting).isNotDone();
            safe.mend();
            assertThat(waiting.join().status().isOk()).isTrue();
        }
    }

    @Test
    void withoutTheInternetWhatCameByItIsSilentAndNothingIsClosed() {
        FramedCaller byCloud = FramedCaller.open(machine, peers, Passage.Network.INTERNET);
        FramedCaller byItsOwn = FramedCaller.open(machine, peers, Passage.Network.LAN);
        machine.loseInternet();
        long silent = byCloud.begin(ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance());
        assertThat(version(direct).isOk()).isTrue();
        assertThat(version(byItsOwn).code()).isEqualTo(Code.OK);
        assertThat(byCloud.responses(silent)).isEmpty();
        assertThat(byCloud.peer().closed).isFalse();
        time.advance(Duration.ofSeconds(4));
        machine.mend();
        assertThat(byCloud.await(silent).code())
                .as("what is sent again arrives")
                .isEqualTo(Code.OK);
    }

    @Test
    void whoIsUnheardForFiveSecondsIsGoneForTheMachineAndItsChannelComesToItsEnd() {
        FramedCaller byCloud = FramedCaller.open(machine, peers, Passage.Network.INTERNET);
        byCloud.begin(
                MOTOR + "GoFor",
                GoForRequest.newBuilder()
                        .setName("m1")
                        .setRpm(60)
                        .setRevolutions(1_000)
                        .build());
        await().until(() -> operations() == 1);
        machine.loseInternet();
        await().until(() -> time.pendingTimers().contains(FramedConnection.UNHEARD));
        assertThat(operations()).isOne();
        time.advance(FramedConnection.UNHEARD);
        await().until(() -> operations() == 0);
        assertThat(byCloud.peer().closed).isFalse();
        machine.mend();
        await().untilTrue(byCloud.peer().closed);
    }

    @Test
    void offersThroughTheCloudAreNotAnsweredWithoutTheInternet() {
        machine.loseInternet();
        var _ = machine.answerer(Passage.Network.INTERNET)
                .orElseThrow()
                .answer("offer", true, new FramedCaller.Nobody());
        var _ = machine.answerer(Passage.Network.LAN).orElseThrow().answer("other", true, new FramedCaller.Nobody());
        assertThat(peers.next().answer("other").join()).startsWith("answer to other");
        assertThat(peers.none()).isTrue();
    }

    @Test
    void aMachineThatIsNotHeardStillHears() {
        FramedCaller byCloud = FramedCaller.open(machine, peers, Passage.Network.INTERNET);
        assertThat(version(direct).isOk()).isTrue();
        machine.halfOpen();
        var unheard = direct.begin(MOTOR + "SetPower", power("m1"), SetPowerResponse.getDefaultInstance());
        long silent = byCloud.begin(MOTOR + "SetPower", power("m2"));
        await().until(() -> machine.isMoving("m1") && machine.isMoving("m2"));
        assertThat(unheard).isNotDone();
        assertThat(byCloud.responses(silent)).isEmpty();
        machine.mend();
        assertThat(unheard.join().status().isOk()).isTrue();
        assertThat(byCloud.await(silent).code()).isEqualTo(Code.OK);
    }

    @Test
    void onASlowLinkEverythingTakesLongerEachWay() {
        FramedCaller byCloud = FramedCaller.open(machine, peers, Passage.Network.INTERNET);
        assertThat(version(direct).isOk()).isTrue();
        machine.slowLink();
        var slow = direct.begin(MOTOR + "SetPower", power("m1"), SetPowerResponse.getDefaultInstance());
        long framed = byCloud.begin(MOTOR + "SetPower", power("m2"));
        await().until(() -> time.pendingTimers().size() >= 2);
        time.advance(Faults.SLOWNESS.minusMillis(1));
        assertThat(machine.isMoving("m1")).isFalse();
        time.advance(Duration.ofMillis(1));
        await().until(() -> machine.isMoving("m1") && machine.isMoving("m2"));
        assertThat(slow).isNotDone();
        assertThat(byCloud.responses(framed)).isEmpty();
        await().until(() -> {
            time.advance(Duration.ofMillis(50));
            return slow.isDone() && byCloud.ended(framed);
        });
        assertThat(slow.join().status().isOk()).isTrue();
        machine.mend();
        assertThat(version(direct).isOk()).isTrue();
        assertThat(version(byCloud).code()).isEqualTo(Code.OK);
    }

    @Test
    void whenSignalingIsDownNobodyIsAnsweredAndWhatIsOpenGoesOn() {
        FramedCaller byCloud = FramedCaller.open(machine, peers, Passage.Network.INTERNET);
        direct.with(Signaler.HOST, machine.serverName());
        assertThat(config().join().status().isOk()).isTrue();
        machine.signalingDown();
        var _ = machine.answerer(Passage.Network.INTERNET)
                .orElseThrow()
                .answer("offer", true, new FramedCaller.Nobody());
        assertThat(peers.none()).isTrue();
        var waiting = config();
        assertThat(version(direct).isOk()).isTrue();
        assertThat(version(byCloud).code()).isEqualTo(Code.OK);
        assertThat(waiting).isNotDone();
        machine.mend();
        assertThat(waiting.join().status().isOk()).isTrue();
    }

    @Test
    void aMachineAnswersOffersAtItsOwnPortUnderAllItsNames() {
        for (String host : List.of(
                machine.serverName(),
                machine.localName(),
                machine.localName() + ':' + machine.port(),
                machine.address())) {
            direct.without(Signaler.HOST).with(Signaler.HOST, host);
            var call = direct.begin(
                    SIGNALING + "Call",
                    CallRequest.newBuilder().setSdp(Sdp.pack("offer", "v=0")).build(),
                    CallResponse.getDefaultInstance());
            ScriptedPeers.Scripted peer = peers.next();
            peer.listener.gathered();
            Caller.Reply<CallResponse> reply = call.join();
            assertThat(reply.status().isOk()).isTrue();
            assertThat(Sdp.unpack(
                            "answer", reply.messages().getFirst().getInit().getSdp()))
                    .startsWith("answer to v=0");
            await().until(() -> {
                peer.listener.opened();
                return machine.connections() > 1;
            });
            peer.listener.closed("closed by the other side");
            await().untilTrue(peer.closed);
        }
        direct.without(Signaler.HOST).with(Signaler.HOST, "other");
        assertThat(config().join().text()).isEqualTo("host not preconfigured");
    }

    private CompletableFuture<Caller.Reply<OptionalWebRTCConfigResponse>> config() {
        return direct.begin(
                SIGNALING + "OptionalWebRTCConfig",
                OptionalWebRTCConfigRequest.getDefaultInstance(),
                OptionalWebRTCConfigResponse.getDefaultInstance());
    }

    private int operations() {
        return direct.call(
                        ROBOT + "GetOperations",
                        GetOperationsRequest.getDefaultInstance(),
                        GetOperationsResponse.getDefaultInstance())
                .only()
                .getOperationsCount();
    }

    private static SetPowerRequest power(String motor) {
        return SetPowerRequest.newBuilder().setName(motor).setPowerPct(0.5).build();
    }
}
