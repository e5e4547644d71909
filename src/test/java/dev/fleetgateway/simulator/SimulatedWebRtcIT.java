package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.fleetgateway.peer.NativePeers;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.peer.PeerNeeds;
import dev.fleetgateway.time.SystemTime;
import io.grpc.MethodDescriptor.MethodType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.ICECandidate;
import proto.rpc.webrtc.v1.PacketMessage;
import proto.rpc.webrtc.v1.Request;
import proto.rpc.webrtc.v1.RequestHeaders;
import proto.rpc.webrtc.v1.RequestMessage;
import proto.rpc.webrtc.v1.Response;
import proto.rpc.webrtc.v1.Stream;
import viam.robot.v1.GetVersionRequest;
import viam.robot.v1.GetVersionResponse;

/** A simulated machine by WebRTC, with the real library at both ends and its own signaling between them. */
class SimulatedWebRtcIT {

    private NativePeers peers;
    private SystemTime time;
    private SimulatedFleet fleet;
    private SimulatedMachine machine;
    private Peer peer;
    private final Ears ears = new Ears();

    @BeforeEach
    void start() {
        peers = PeerNeeds.peers();
        time = new SystemTime();
        fleet = SimulatedFleet.start(
                time, peers, List.of(MachineSpec.named("rover").withWebRtc()));
        machine = fleet.machine("rover").orElseThrow();
        peer = peers.open(List.of(), ears);
    }

    @AfterEach
    void close() {
        if (fleet != null) {
            peer.close();
            fleet.close();
            peers.close();
            time.close();
        }
    }

    @Test
    void aCallerWhoTricklesIsAnsweredAndServed() throws Exception {
        meet(true);
        call(1);
        await().until(() -> ears.frames.size() >= 3);
        Response message = Response.parseFrom(ears.frames.get(1));
        assertThat(GetVersionResponse.parseFrom(
                                message.getMessage().getPacketMessage().getData())
                        .getPlatform())
                .isEqualTo("rdk");
        assertThat(Response.parseFrom(ears.frames.get(2)).hasTrailers()).isTrue();
        assertThat(machine.connections()).isEqualTo(1);
        peer.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> machine.connections() == 0);
    }

    @Test
    void aCallerWhoDoesNotTrickleGetsAllCandidatesInTheAnswer() {
        meet(false);
        call(0);
        await().until(() -> ears.frames.size() >= 3);
    }

    @Test
    void aStopOfTheMachineIsSeenAtOnceAndACutIsNot() {
        meet(true);
        machine.leaveLan();
        call(1);
        machine.mend();
        await().until(() -> ears.frames.size() >= 3);
        assertThat(ears.closed).isEmpty();
        machine.restart();
        await().until(() -> !ears.closed.isEmpty());
    }

    private void meet(boolean trickle) {
        String offer = trickle ? peer.offer().join() : gathered(peer.offer().join());
        try (Caller direct = Caller.of(machine)) {
            direct.with(Signaler.HOST, machine.serverName());
            var call = direct.start(
                    "proto.rpc.webrtc.v1.SignalingService/Call",
                    MethodType.SERVER_STREAMING,
                    CallRequest.newBuilder()
                            .setSdp(Sdp.pack("offer", offer))
                            .setDisableTrickle(!trickle)
                            .build(),
                    CallResponse.getDefaultInstance());
            await().until(() -> !call.messages().isEmpty());
            String answer =
                    Sdp.unpack("answer", call.messages().getFirst().getInit().getSdp());
            assertThat(answer).contains("a=candidate:");
            peer.accept(answer).join();
            if (trickle) {
                assertThat(call.done().join().status().isOk()).isTrue();
                for (CallResponse update :
                        call.messages().subList(1, call.messages().size())) {
                    ICECandidate candidate = update.getUpdate().getCandidate();
                    peer.add(new Peer.IceCandidate(
                            candidate.getCandidate(), candidate.getSdpMid(), candidate.getSdpmLineIndex()));
                }
            }
            await().until(() -> ears.opened);
            assertThat(call.done().join().status().isOk()).isTrue();
        }
        await().until(() -> machine.connections() == 1);
    }

    private String gathered(String offer) {
        await().until(() -> ears.gathered);
        StringBuilder all = new StringBuilder(offer);
        ears.candidates.forEach(one -> all.append("a=").append(one.candidate()).append("\r\n"));
        return all.toString();
    }

    private void call(long id) {
        Stream stream = Stream.newBuilder().setId(id).build();
        send(Request.newBuilder()
                .setStream(stream)
                .setHeaders(RequestHeaders.newBuilder().setMethod("/viam.robot.v1.RobotService/GetVersion")));
        ByteString request = GetVersionRequest.getDefaultInstance().toByteString();
        send(Request.newBuilder()
                .setStream(stream)
                .setMessage(RequestMessage.newBuilder()
                        .setHasMessage(true)
                        .setPacketMessage(
                                PacketMessage.newBuilder().setData(request).setEom(true))
                        .setEos(true)));
    }

    private void send(Request.Builder request) {
        assertThat(peer.send(request.build().toByteArray())).isTrue();
    }

    /** What the caller's end hears. */
    private static final class Ears implements Peer.Listener {
        private final List<Peer.IceCandidate> candidates = new CopyOnWriteArrayList<>();
        private final List<byte[]> frames = new CopyOnWriteArrayList<>();
        private final List<String> closed = new CopyOnWriteArrayList<>();
        private volatile boolean gathered;
        private volatile boolean opened;

        @Override
        public void candidate(Peer.IceCandidate candidate) {
            candidates.add(candidate);
        }

        @Override
        public void gathered() {
            gathered = true;
        }

        @Override
        public void opened() {
            opened = true;
        }

        @Override
        public void frame(byte[] frame) {
            frames.add(frame);
        }

        @Override
        public void closed(String reason) {
            closed.add(reason);
        }
    }
}
