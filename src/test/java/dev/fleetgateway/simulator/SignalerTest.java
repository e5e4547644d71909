package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.CallUpdateRequest;
import proto.rpc.webrtc.v1.CallUpdateResponse;
import proto.rpc.webrtc.v1.ICECandidate;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigResponse;

class SignalerTest {

    private static final String HOST = "one.sim.viam.cloud";
    private static final String LOCAL = "one.sim.local.viam.cloud";
    private static final String OFFLINE = "host appears to be offline; ensure machine is online and try again";

    private final FakeTime time = new FakeTime();
    private final Answering machine = new Answering();
    private final Signaler own = Signaler.ofMachine(time, Set.of(HOST, LOCAL), machine);
    private final Signaler cloud = Signaler.ofCloud(time);

    @Test
    void anOfferIsAnsweredAndCandidatesGoBothWays() {
        Heard<CallResponse> call = call(own, HOST);
        Talk talk = machine.talks.getFirst();
        assertThat(talk.offer).isEqualTo("v=0 offer");
        assertThat(talk.trickle).isTrue();
        assertThat(call.messages).isEmpty();

        talk.caller.answered("v=0 answer");
        talk.caller.candidate(candidate("theirs"));
        String uuid = call.messages.getFirst().getUuid();
        assertThat(uuid).hasSize(36);
        String packed = call.messages.getFirst().getInit().getSdp();
        assertThat(new String(Base64.getDecoder().decode(packed), StandardCharsets.UTF_8))
                .startsWith("{\"type\":\"answer\",\"sdp\":\"v");
        assertThat(Sdp.unpack("answer", packed)).isEqualTo("v=0 answer");
        assertThat(call.messages.get(1).getUpdate().getCandidate().getCandidate())
                .isEqualTo("theirs");
        assertThat(call.messages.get(1).getUuid()).isEqualTo(uuid);

        assertThat(update(own, HOST, uuid, "ours").code()).isEqualTo(Code.OK);
        assertThat(talk.heard).containsExactly("ours");
        assertThat(call.ended).isNull();
        talk.caller.ended(Status.OK);
        assertThat(call.code()).isEqualTo(Code.OK);
        assertThat(update(own, LOCAL, uuid, "late").text()).isEqualTo("no active offer for \"" + uuid + "\"");
        assertThat(update(own, HOST, uuid, "late").code()).isEqualTo(Code.OK);
        assertThat(done(own, HOST, uuid).code()).isEqualTo(Code.OK);
        assertThat(done(own, HOST, uuid).code()).isEqualTo(Code.OK);
        assertThat(talk.heard).containsExactly("ours", "late", "done");
    }

    @Test
    void aCandidateAfterDoneIsAnsweredByNobody() {
        Heard<CallResponse> call = call(own, HOST);
        machine.talks.getFirst().caller.answered("v=0");
        String uuid = call.messages.getFirst().getUuid();
        done(own, HOST, uuid);
        Heard<CallUpdateResponse> late = update(own, HOST, uuid, "late");
        time.advance(Duration.ofMillis(9_999));
        assertThat(late.ended).isNull();
        time.advance(Duration.ofMillis(1));
        assertThat(late.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    @Test
    void whoNamesNoHostOrTwoOrAnUnknownOneIsToldSo() {
        assertThat(call(own).code()).isEqualTo(Code.UNKNOWN);
        assertThat(call(own).text()).isEqualTo("expected rpc-host to be set in metadata");
        assertThat(call(own, "").text()).isEqualTo("expected non-empty rpc-host");
        assertThat(call(own, HOST, LOCAL).text()).isEqualTo("expected 1 rpc-host");
        assertThat(call(own, "1", "2", "3", "4", "5", "6").text()).isEqualTo("too many rpc-host");
        assertThat(call(own, "other").code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(call(own, "other").text()).isEqualTo("host not preconfigured");
        assertThat(done(own, "other", "x").text()).isEqualTo("host not preconfigured");
        assertThat(config(own, "other").text()).isEqualTo("host not preconfigured");
        assertThat(machine.talks).isEmpty();
        assertThat(config(own, HOST, LOCAL).code()).isEqualTo(Code.OK);
        assertThat(config(own, HOST).messages.getFirst().hasConfig()).isTrue();
        assertThat(config(cloud, "whoever").code()).isEqualTo(Code.OK);
    }

    @Test
    void theHeadersOfACallNameItsHosts() {
        Metadata headers = new Metadata();
        assertThat(Signaler.hosts(headers)).isEmpty();
        headers.put(Signaler.HOST, HOST);
        headers.put(Signaler.HOST, LOCAL);
        assertThat(Signaler.hosts(headers)).containsExactly(HOST, LOCAL);
    }

    @Test
    void anUnknownOfferIsNotActive() {
        assertThat(update(own, HOST, "nope", "x").code()).isEqualTo(Code.UNKNOWN);
        assertThat(update(own, HOST, "nope", "x").text()).isEqualTo("no active offer for \"nope\"");
        Heard<CallResponse> call = call(own, HOST);
        machine.talks.getFirst().caller.answered("v=0");
        time.advance(Signaler.DEADLINE);
        assertThat(done(own, HOST, call.messages.getFirst().getUuid()).text()).startsWith("no active offer for ");
    }

    @Test
    void aThirdCallerGetsAPlaceWhenAConversationIsConnected() {
        call(own, HOST);
        call(own, LOCAL);
        call(own, HOST);
        assertThat(machine.talks).hasSize(2);
        machine.talks.get(1).caller.ended(Status.OK);
        assertThat(machine.talks).hasSize(2);
        machine.talks.get(1).caller.connected();
        assertThat(machine.talks).hasSize(3);
        time.advance(Signaler.DEADLINE);
        assertThat(machine.talks.get(1).heard)
                .as("nobody ends what is connected")
                .isEmpty();
    }

    @Test
    void aConversationThatNeverConnectsHoldsItsPlaceWhateverItsCallerSays() {
        Heard<CallResponse> first = call(own, HOST);
        call(own, HOST);
        Talk talk = machine.talks.getFirst();
        talk.caller.answered("v=0");
        talk.caller.ended(Status.OK);
        giveUp(own, HOST, first.messages.getFirst().getUuid());
        assertThat(talk.heard).containsExactly("done");
        time.advance(Duration.ofSeconds(2));
        call(own, HOST);
        time.advance(Duration.ofSeconds(8));
        assertThat(talk.heard).containsExactly("done", "end DEADLINE_EXCEEDED");
        assertThat(machine.talks).hasSize(2);
        time.advance(Duration.ofSeconds(1));
        assertThat(machine.talks).as("and rests for a second").hasSize(3);
    }

    @Test
    void aCallThatIsNotAnsweredInItsTimeEnds() {
        Heard<CallResponse> call = call(own, HOST);
        time.advance(Duration.ofMillis(9_999));
        assertThat(call.ended).isNull();
        time.advance(Duration.ofMillis(1));
        assertThat(call.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(call.text()).isEqualTo("context deadline exceeded");
    }

    @Test
    void theAnswerersFailureEndsTheCallAndTheOffer() {
        Heard<CallResponse> call = call(own, HOST);
        machine.talks.getFirst().caller.answered("v=0");
        machine.talks.getFirst().caller.ended(Status.INTERNAL.withDescription("no ICE"));
        assertThat(call.code()).isEqualTo(Code.INTERNAL);
        assertThat(call.text()).isEqualTo("error from answerer: rpc error: code = Internal desc = no ICE");
        assertThat(done(own, HOST, call.messages.getFirst().getUuid()).text()).startsWith("no active offer");
    }

    @Test
    void anOfferThatIsNoneNeverReachesTheMachine() {
        Heard<CallResponse> call = new Heard<>();
        own.call(List.of(HOST), CallRequest.newBuilder().setSdp("???").build(), call);
        assertThat(call.code()).isEqualTo(Code.UNKNOWN);
        assertThat(call.text()).startsWith("error from answerer: ");
        assertThat(machine.talks).isEmpty();
    }

    @Test
    void whoHangsUpWhileHeWaitsIsNotAnswered() {
        call(own, HOST);
        call(own, HOST);
        Runnable hangUp = own.call(List.of(HOST), offer(), new Heard<>());
        hangUp.run();
        machine.talks.getFirst().caller.connected();
        assertThat(machine.talks).hasSize(2);
    }

    @Test
    void theCloudSaysAfterFiveSecondsThatNobodyIsThere() {
        Heard<CallResponse> call = call(cloud, HOST);
        time.advance(Duration.ofMillis(4_999));
        assertThat(call.ended).isNull();
        time.advance(Duration.ofMillis(1));
        assertThat(call.code()).isEqualTo(Code.NOT_FOUND);
        assertThat(call.text()).isEqualTo(OFFLINE);
    }

    @Test
    void aMachineThatWaitsAtTheCloudIsThereUntilItLeaves() {
        Runnable leave = cloud.attend(List.of(HOST), machine);
        call(cloud, HOST);
        assertThat(machine.talks).hasSize(1);
        Heard<CallResponse> other = call(cloud, LOCAL);
        time.advance(Signaler.OFFLINE);
        assertThat(other.text()).isEqualTo(OFFLINE);
        machine.talks.getFirst().caller.connected();
        leave.run();
        Heard<CallResponse> after = call(cloud, HOST);
        time.advance(Signaler.OFFLINE);
        assertThat(after.text()).isEqualTo(OFFLINE);
        time.advance(Duration.ofMinutes(1));
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void noMoreThanFiftyWaitForOneMachine() {
        for (int i = 0; i < Signaler.PLACES + 50; i++) {
            assertThat(call(own, HOST).ended).isNull();
        }
        Heard<CallResponse> oneMore = call(own, HOST);
        assertThat(oneMore.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(oneMore.text()).isEqualTo("too many connection attempts; please wait a bit and try again");
    }

    private static CallRequest offer() {
        return CallRequest.newBuilder().setSdp(Sdp.pack("offer", "v=0 offer")).build();
    }

    private static ICECandidate candidate(String text) {
        return ICECandidate.newBuilder().setCandidate(text).build();
    }

    private static Heard<CallResponse> call(Signaler at, String... hosts) {
        Heard<CallResponse> heard = new Heard<>();
        at.call(List.of(hosts), offer(), heard);
        return heard;
    }

    private static Heard<CallUpdateResponse> update(Signaler at, String host, String uuid, String candidate) {
        return update(at, host, CallUpdateRequest.newBuilder().setUuid(uuid).setCandidate(candidate(candidate)));
    }

    private static Heard<CallUpdateResponse> done(Signaler at, String host, String uuid) {
        return update(at, host, CallUpdateRequest.newBuilder().setUuid(uuid).setDone(true));
    }

    private static Heard<CallUpdateResponse> giveUp(Signaler at, String host, String uuid) {
        com.google.rpc.Status why = com.google.rpc.Status.newBuilder()
                .setCode(Code.CANCELLED.value())
                .build();
        return update(at, host, CallUpdateRequest.newBuilder().setUuid(uuid).setError(why));
    }

    private static Heard<CallUpdateResponse> update(Signaler at, String host, CallUpdateRequest.Builder request) {
        Heard<CallUpdateResponse> heard = new Heard<>();
        at.update(List.of(host), request.build(), heard);
        return heard;
    }

    private static Heard<OptionalWebRTCConfigResponse> config(Signaler at, String... hosts) {
        Heard<OptionalWebRTCConfigResponse> heard = new Heard<>();
        at.config(List.of(hosts), heard);
        return heard;
    }

    /** What a call was told. */
    private static final class Heard<T extends Message> implements StreamObserver<T> {
        private final List<T> messages = new ArrayList<>();
        private @Nullable Status ended;

        @Override
        public void onNext(T message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            end(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end(Status.OK);
        }

        private void end(Status status) {
            assertThat(ended).as("a call ends once").isNull();
            ended = status;
        }

        Code code() {
            return over().getCode();
        }

        String text() {
            return String.valueOf(over().getDescription());
        }

        private Status over() {
            return Objects.requireNonNull(ended, "the call has not ended");
        }
    }

    /** A machine that answers when the test says so. */
    private static final class Answering implements Answerer {
        private final List<Talk> talks = new ArrayList<>();

        @Override
        public Conversation answer(String sdp, boolean trickle, Caller caller) {
            Talk talk = new Talk(sdp, trickle, caller);
            talks.add(talk);
            return talk;
        }
    }

    /** One conversation of it. */
    private static final class Talk implements Answerer.Conversation {
        private final String offer;
        private final boolean trickle;
        private final Answerer.Caller caller;
        private final List<String> heard = new ArrayList<>();

        Talk(String offer, boolean trickle, Answerer.Caller caller) {
            this.offer = offer;
            this.trickle = trickle;
            this.caller = caller;
        }

        @Override
        public void candidate(ICECandidate candidate) {
            heard.add(candidate.getCandidate());
        }

        @Override
        public void done() {
            heard.add("done");
        }

        @Override
        public void end(Status why) {
            heard.add("end " + why.getCode());
        }
    }
}
