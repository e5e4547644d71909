package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import proto.rpc.webrtc.v1.ICECandidate;

/** What a machine says to an offer, until the channel is open or will never be. */
class NegotiationTest {

    private final FakeTime time = new FakeTime();
    private final ScriptedPeers peers = new ScriptedPeers();
    private final SimulatedFleet fleet = SimulatedFleet.start(
            time, peers, List.of(MachineSpec.named("rover").inCloud().withWebRtc()));
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final Answerer answerer = machine.answerer(Passage.Network.INTERNET).orElseThrow();
    private final Heard heard = new Heard();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void theAnswerWaitsForTheFirstCandidateAndHoldsItAndItComesAgain() {
        var _ = answerer.answer("offer", true, heard);
        ScriptedPeers.Scripted peer = peers.next();
        await().until(() -> time.pendingTimers().contains(Duration.ofSeconds(2)));
        assertThat(heard.words).isEmpty();
        peer.listener.candidate(candidate("first"));
        peer.listener.candidate(candidate("second"));
        peer.listener.gathered();
        await().until(() -> heard.words.contains("ended OK"));
        assertThat(heard.words)
                .containsExactly(
                        "answer to offer\r\na=candidate:first\r\n",
                        "candidate:first mid= line=0",
                        "candidate:second mid= line=0",
                        "ended OK");
        peer.listener.opened();
        await().until(() -> heard.words.contains("connected"));
        assertThat(heard.words).endsWith("ended OK", "connected");
    }

    @Test
    void withoutTricklingTheAnswerHoldsAllAndNothingIsSaidAfterIt() {
        var _ = answerer.answer("offer", false, heard);
        ScriptedPeers.Scripted peer = peers.next();
        peer.listener.candidate(candidate("first"));
        peer.listener.candidate(candidate("second"));
        peer.listener.gathered();
        await().until(() -> !heard.words.isEmpty());
        assertThat(heard.words).containsExactly("answer to offer\r\na=candidate:first\r\na=candidate:second\r\n");
        peer.listener.opened();
        await().until(() -> heard.words.contains("connected"));
        assertThat(heard.words).hasSize(3).endsWith("ended OK", "connected");
    }

    @Test
    void whatFindsNoCandidateIsAnsweredAfterTwoSecondsAllTheSame() {
        var _ = answerer.answer("offer", true, heard);
        var _ = peers.next();
        await().until(() -> time.pendingTimers().contains(Duration.ofSeconds(2)));
        time.advance(Duration.ofSeconds(2));
        await().until(() -> !heard.words.isEmpty());
        assertThat(heard.words).containsExactly("answer to offer\r\n");
    }

    @Test
    void theCallersCandidatesReachThePeer() {
        Answerer.Conversation conversation = answerer.answer("offer", true, heard);
        conversation.candidate(ICECandidate.newBuilder()
                .setCandidate("candidate:theirs")
                .setSdpmLineIndex(0)
                .build());
        ScriptedPeers.Scripted peer = peers.next();
        await().until(() -> !peer.remote.isEmpty());
        assertThat(peer.remote).containsExactly(new Peer.IceCandidate("candidate:theirs", null, 0));
        conversation.done();
        assertThat(peer.closed).isFalse();
    }

    @Test
    void whatDoesNotOpenInTenSecondsIsGivenUp() {
        var _ = answerer.answer("offer", false, heard);
        ScriptedPeers.Scripted peer = peers.next();
        time.advance(Negotiation.LONGEST.minusMillis(1));
        assertThat(peer.closed).isFalse();
        time.advance(Duration.ofMillis(1));
        await().untilTrue(peer.closed);
        await().until(() -> heard.words.contains("ended DEADLINE_EXCEEDED"));
        assertThat(machine.connections()).isZero();
    }

    @Test
    void theEndOfTheSignalingServersTimeEndsWhatIsNotOpenAndNothingElse() {
        Answerer.Conversation never = answerer.answer("offer", true, heard);
        ScriptedPeers.Scripted peer = peers.next();
        never.end(Status.DEADLINE_EXCEEDED);
        await().untilTrue(peer.closed);
        FramedCaller open = FramedCaller.open(machine, peers, Passage.Network.INTERNET);
        time.advance(Duration.ofMinutes(1));
        assertThat(open.peer().closed).isFalse();
        assertThat(machine.connections()).isOne();
    }

    @Test
    void anOfferThatIsNoneIsToldSo() {
        var _ = answerer.answer(ScriptedPeers.BAD, true, heard);
        await().until(() -> !heard.words.isEmpty());
        assertThat(heard.words).containsExactly("ended UNKNOWN");
        await().untilTrue(peers.next().closed);
    }

    private static Peer.IceCandidate candidate(String text) {
        return new Peer.IceCandidate("candidate:" + text, "data", 0);
    }

    /** What the caller is told, in words. */
    private static final class Heard implements Answerer.Caller {
        private final List<String> words = new CopyOnWriteArrayList<>();

        @Override
        public void answered(String sdp) {
            words.add(sdp);
        }

        @Override
        public void candidate(ICECandidate candidate) {
            words.add("%s mid=%s line=%d"
                    .formatted(candidate.getCandidate(), candidate.getSdpMid(), candidate.getSdpmLineIndex()));
        }

        @Override
        public void ended(Status status) {
            words.add("ended " + status.getCode());
        }

        @Override
        public void connected() {
            words.add("connected");
        }
    }
}
