package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.AuthenticateResponse;
import proto.rpc.v1.Credentials;
import proto.rpc.webrtc.v1.AnswerRequest;
import proto.rpc.webrtc.v1.AnswerResponse;
import proto.rpc.webrtc.v1.AnswerResponseDoneStage;
import proto.rpc.webrtc.v1.AnswerResponseErrorStage;
import proto.rpc.webrtc.v1.AnswerResponseInitStage;
import proto.rpc.webrtc.v1.AnswerResponseUpdateStage;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.CallUpdateRequest;
import proto.rpc.webrtc.v1.CallUpdateResponse;
import proto.rpc.webrtc.v1.ICECandidate;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigRequest;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigResponse;
import viam.app.v1.CertificateRequest;
import viam.app.v1.CertificateResponse;
import viam.app.v1.ConfigRequest;
import viam.app.v1.ConfigResponse;
import viam.app.v1.GetRobotPartRequest;
import viam.app.v1.GetRobotPartResponse;
import viam.app.v1.ListMachineSummariesRequest;
import viam.app.v1.ListMachineSummariesResponse;
import viam.app.v1.NeedsRestartRequest;
import viam.app.v1.NeedsRestartResponse;
import viam.app.v1.OnlineState;
import viam.app.v1.RobotConfig;

class SimulatedCloudTest {

    private static final String SIGNALING = "proto.rpc.webrtc.v1.SignalingService/";
    private static final String APP = "viam.app.v1.AppService/";
    private static final String ROBOT = "viam.app.v1.RobotService/";
    private static final Metadata.Key<String> HEARTBEATS =
            Metadata.Key.of("heartbeats-allowed", Metadata.ASCII_STRING_MARSHALLER);

    private final FakeTime time = new FakeTime();
    private final ManagedMachine rover = ManagedMachine.named("rover.sim.viam.cloud")
            .withKey("the-key", "the-secret")
            .boundTo("10.0.0.2:8080")
            .withWindow(Duration.ofMillis(500));
    private final SimulatedCloud cloud = SimulatedCloud.start(
            time, CloudSpec.onLoopback().withKey("other", "its secret").managing(rover));
    private final Caller stranger = Caller.of(cloud);
    private final Caller caller = Caller.of(cloud).as("the-key", "api-key", "the-secret");
    private final Caller machine = Caller.of(cloud).as(rover.partId(), "robot-secret", rover.secret());

    @AfterEach
    void close() {
        stranger.close();
        caller.close();
        machine.close();
        cloud.close();
    }

    @Test
    void whoKnowsNoSecretGetsNoToken() {
        assertThat(authenticate("the-key", "api-key", "wrong").text()).isEqualTo("invalid credentials");
        assertThat(authenticate("nobody", "api-key", "the-secret").code()).isEqualTo(Code.UNAUTHENTICATED);
        assertThat(authenticate(rover.partId(), "api-key", rover.secret()).code())
                .isEqualTo(Code.UNAUTHENTICATED);
        assertThat(authenticate("the-key", "magic", "x").text())
                .isEqualTo("do not know how to handle credential type \"magic\"");
        assertThat(stranger.call(
                                "proto.rpc.v1.AuthService/Authenticate",
                                AuthenticateRequest.getDefaultInstance(),
                                AuthenticateResponse.getDefaultInstance())
                        .text())
                .isEqualTo("credentials required");
        assertThat(authenticate("other", "api-key", "its secret").code()).isEqualTo(Code.OK);
        assertThat(authenticate(rover.fqdn(), "robot-location-secret", rover.locationSecret())
                        .code())
                .isEqualTo(Code.OK);
        cloud.admit(new MachineSpec.Key("late", "but welcome"));
        assertThat(authenticate("late", "api-key", "but welcome").code()).isEqualTo(Code.OK);
    }

    @Test
    void withoutATokenNothingIsAnswered() {
        stranger.with(Signaler.HOST, rover.fqdn());
        assertThat(webRtcConfig(stranger).text()).isEqualTo("authentication required");
        assertThat(read(stranger).text()).isEqualTo("authentication required");
        stranger.with(Tokens.AUTHORIZATION, "Bearer nonsense");
        assertThat(read(stranger).code()).isEqualTo(Code.UNAUTHENTICATED);
    }

    @Test
    void aManagedMachineIsToldWhatItIs() {
        RobotConfig config = read(machine).only().getConfig();
        assertThat(config.getCloud().getId()).isEqualTo(rover.partId());
        assertThat(config.getCloud().getFqdn()).isEqualTo("rover.sim.viam.cloud");
        assertThat(config.getCloud().getLocalFqdn()).isEqualTo("rover.sim.local.viam.cloud");
        assertThat(config.getCloud().getSignalingAddress()).isEqualTo(cloud.address());
        assertThat(config.getCloud().getLocationSecrets(0).getSecret()).isEqualTo(rover.locationSecret());
        assertThat(config.getNetwork().getBindAddress()).isEqualTo("10.0.0.2:8080");
        assertThat(config.getNetwork().getSessions().getHeartbeatWindow()).isEqualTo(Durations.fromMillis(500));
        assertThat(config.getAuth().getHandlers(0).getConfig().getFieldsMap())
                .containsOnlyKeys("the-key", "keys")
                .extractingByKey("the-key")
                .returns("the-secret", secret -> secret.getStringValue());
        assertThat(config.getComponentsList())
                .extracting(component -> component.getName())
                .containsExactly("m1", "m2", "base1", "s1", "cam1");
        assertThat(config.getComponents(2).getDependsOnList()).containsExactly("m1", "m2");
        assertThat(cloud.reads(rover)).isEqualTo(1);
        assertThat(machine.call(
                                ROBOT + "NeedsRestart",
                                NeedsRestartRequest.newBuilder()
                                        .setId(rover.partId())
                                        .build(),
                                NeedsRestartResponse.getDefaultInstance())
                        .only()
                        .getMustRestart())
                .isFalse();
        assertThat(machine.call(
                                ROBOT + "Config",
                                ConfigRequest.newBuilder().setId("unknown").build(),
                                ConfigResponse.getDefaultInstance())
                        .code())
                .isEqualTo(Code.NOT_FOUND);
        assertThat(machine.call(ROBOT + "Dance", Empty.getDefaultInstance(), Empty.getDefaultInstance())
                        .code())
                .isEqualTo(Code.UNIMPLEMENTED);
    }

    @Test
    void aManagedMachineIsToldOtherwiseFromItsNextReadingOn() {
        CertificateResponse certificate = certificate();
        assertThat(read(machine).only().getConfig().getComponentsCount()).isEqualTo(5);
        cloud.configure(
                rover.withResources("{\"services\": [{\"name\": \"dm\", \"api\": \"rdk:service:data_manager\"}]}"));
        RobotConfig other = read(machine).only().getConfig();
        assertThat(other.getComponentsCount()).isZero();
        assertThat(other.getServices(0).getName()).isEqualTo("dm");
        assertThat(other.getCloud().getSignalingAddress()).isEqualTo(cloud.address());
        assertThat(cloud.reads(rover)).isEqualTo(2);
        assertThat(certificate()).isEqualTo(certificate);
        assertThat(part().getPart().getRobotConfig().getFieldsMap()).containsOnlyKeys("services");
    }

    @Test
    void theCloudCanBeHadToSayOfMachinesWhatIsNotTrue() {
        assertThat(online()).isEqualTo(OnlineState.ONLINE_STATE_OFFLINE);
        cloud.claim(true);
        assertThat(online()).isEqualTo(OnlineState.ONLINE_STATE_ONLINE);
        assertThat(read(machine).code()).isEqualTo(Code.OK);
        cloud.claim(false);
        assertThat(online()).isEqualTo(OnlineState.ONLINE_STATE_OFFLINE);
        cloud.claim(null);
        assertThat(online()).isEqualTo(OnlineState.ONLINE_STATE_ONLINE);
    }

    private OnlineState online() {
        return caller.call(
                        APP + "ListMachineSummaries",
                        ListMachineSummariesRequest.newBuilder()
                                .setOrganizationId(RobotApi.id("organization"))
                                .build(),
                        ListMachineSummariesResponse.getDefaultInstance())
                .only()
                .getLocationSummaries(0)
                .getMachineSummaries(0)
                .getPartSummaries(0)
                .getOnlineState();
    }

    private GetRobotPartResponse part() {
        return caller.call(
                        APP + "GetRobotPart",
                        GetRobotPartRequest.newBuilder().setId(rover.partId()).build(),
                        GetRobotPartResponse.getDefaultInstance())
                .only();
    }

    @Test
    void aManagedMachineGetsOneCertificateForBothItsNames() throws Exception {
        CertificateResponse first = certificate();
        assertThat(certificate()).isEqualTo(first);
        assertThat(first.getTlsPrivateKey()).contains("PRIVATE KEY");
        X509Certificate shown = parsed(first.getTlsCertificate());
        shown.verify(parsed(cloud.caPem()).getPublicKey());
        assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=rover.sim.viam.cloud");
        assertThat(shown.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactlyInAnyOrder("rover.sim.viam.cloud", "rover.sim.local.viam.cloud");
    }

    @Test
    void resourcesThatAreNoneAndNamesOfNoCloudAreRefused() {
        assertThatThrownBy(() -> rover.withResources("{\"components\": 3}")).hasMessageContaining("no configuration");
        assertThatThrownBy(() -> ManagedMachine.named("rover.example.org")).hasMessageContaining(".viam.cloud");
        assertThat(rover.toString()).doesNotContain(rover.secret()).doesNotContain("the-secret");
    }

    @Test
    void aCallerIsBroughtToAMachineThatWaits() {
        var stream = waiting(machine);
        var call = call();
        await().until(() -> stream.messages().size() == 1);
        AnswerRequest offered = stream.messages().getFirst();
        assertThat(Sdp.unpack("offer", offered.getInit().getSdp())).isEqualTo("v=0 offer");
        assertThat(offered.getInit().getOptionalConfig().getDisableTrickle()).isFalse();
        assertThat(offered.getInit().getDeadline().getSeconds())
                .isEqualTo(time.now().plus(Signaler.DEADLINE).getEpochSecond());
        assertThat(cloud.waiting(rover.fqdn())).isZero();

        stream.send(answer(offered)
                .setInit(AnswerResponseInitStage.newBuilder().setSdp(Sdp.pack("answer", "v=0 answer")))
                .build());
        stream.send(answer(offered)
                .setUpdate(AnswerResponseUpdateStage.newBuilder().setCandidate(candidate("theirs")))
                .build());
        stream.send(answer(offered)
                .setDone(AnswerResponseDoneStage.getDefaultInstance())
                .build());
        var heard = call.done().join();
        assertThat(heard.code()).isEqualTo(Code.OK);
        assertThat(Sdp.unpack("answer", heard.messages().getFirst().getInit().getSdp()))
                .isEqualTo("v=0 answer");
        assertThat(heard.messages().get(1).getUpdate().getCandidate()).isEqualTo(candidate("theirs"));

        String uuid = heard.messages().getFirst().getUuid();
        assertThat(update(CallUpdateRequest.newBuilder().setUuid(uuid).setCandidate(candidate("ours")))
                        .code())
                .isEqualTo(Code.OK);
        assertThat(stream.done()).isNotDone();
        assertThat(update(CallUpdateRequest.newBuilder().setUuid(uuid).setDone(true))
                        .code())
                .isEqualTo(Code.OK);
        var end = stream.done().join();
        assertThat(end.code()).isEqualTo(Code.OK);
        assertThat(end.messages())
                .extracting(AnswerRequest::getStageCase)
                .containsExactly(
                        AnswerRequest.StageCase.INIT, AnswerRequest.StageCase.UPDATE, AnswerRequest.StageCase.DONE);
    }

    @Test
    void aMachineThatCannotAnswerSaysSoToItsCaller() {
        var stream = waiting(machine);
        var call = call();
        await().until(() -> stream.messages().size() == 1);
        stream.send(answer(stream.messages().getFirst())
                .setError(AnswerResponseErrorStage.newBuilder()
                        .setStatus(com.google.rpc.Status.newBuilder().setCode(2).setMessage("no ICE")))
                .build());
        assertThat(call.done().join().text()).isEqualTo("error from answerer: rpc error: code = Unknown desc = no ICE");
        assertThat(stream.done().join().code()).isEqualTo(Code.OK);
    }

    @Test
    void aWaitingMachineHearsThatItsStreamIsAliveIfItAsksForIt() {
        var quiet = waiting(machine);
        var beating = waiting(machine.with(HEARTBEATS, "true"));
        await().until(() -> cloud.waiting(rover.fqdn()) == 2);
        time.advance(AnswerStream.HEARTBEAT);
        time.advance(AnswerStream.HEARTBEAT);
        await().until(() -> beating.messages().size() == 2);
        assertThat(beating.messages()).allMatch(AnswerRequest::hasHeartbeat);
        assertThat(quiet.messages()).isEmpty();
    }

    @Test
    void aMachineThatHasGoneAwayIsOffline() {
        var stream = waiting(machine);
        stream.hangUp();
        await().until(() -> cloud.waiting(rover.fqdn()) == 0);
        var call = call();
        await().until(() -> time.pendingTimers().contains(Signaler.OFFLINE));
        time.advance(Signaler.OFFLINE);
        assertThat(call.done().join().code()).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void aSimulatedMachineWaitsThereWhileItHasInternet() {
        ScriptedPeers peers = new ScriptedPeers();
        try (SimulatedFleet fleet = SimulatedFleet.start(
                time,
                peers,
                List.of(
                        MachineSpec.named("rover").inCloud().withWebRtc().withKey("its-key", "its-secret"),
                        MachineSpec.named("alone").withWebRtc()))) {
            cloud.connect(fleet);
            assertThat(authenticate("its-key", "api-key", "its-secret").code()).isEqualTo(Code.OK);
            var call = call();
            ScriptedPeers.Scripted peer = peers.next();
            peer.listener.candidate(new Peer.IceCandidate("candidate:1", "", 0));
            await().until(() -> !call.messages().isEmpty());
            assertThat(Sdp.unpack("answer", call.messages().getFirst().getInit().getSdp()))
                    .startsWith("answer to v=0 offer");
            fleet.machine("rover").orElseThrow().loseInternet();
            var offline = call();
            await().until(() -> time.pendingTimers().contains(Signaler.OFFLINE));
            time.advance(Signaler.OFFLINE);
            assertThat(offline.done().join().code()).isEqualTo(Code.NOT_FOUND);
        }
    }

    @Test
    void withoutSignalingTheRestGoesOn() {
        var stream = waiting(machine);
        cloud.signalingDown();
        assertThat(stream.done().join().code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(webRtcConfig(caller.with(Signaler.HOST, rover.fqdn())).text())
                .isEqualTo("signaling is down");
        assertThat(read(machine).code()).isEqualTo(Code.OK);
        cloud.mend();
        assertThat(webRtcConfig(caller).code()).isEqualTo(Code.OK);
    }

    @Test
    void errorsComeOverAConnectionThatIsWell() {
        cloud.answerErrors();
        assertThat(read(machine).text()).isEqualTo("the cloud has failed");
        cloud.mend();
        assertThat(read(machine).code()).isEqualTo(Code.OK);
    }

    @Test
    void callsThatHangAreAnsweredWhenItIsMended() {
        cloud.hang();
        var first = begin(machine);
        var second = begin(machine);
        cloud.delay(Duration.ZERO);
        assertThat(cloud.reads(rover)).isZero();
        cloud.mend();
        assertThat(first.join().code()).isEqualTo(Code.OK);
        assertThat(second.join().code()).isEqualTo(Code.OK);
    }

    @Test
    void delayedCallsBeginLater() {
        cloud.delay(Duration.ofSeconds(3));
        var late = begin(machine);
        await().until(() -> time.pendingTimers().contains(Duration.ofSeconds(3)));
        time.advance(Duration.ofMillis(2_999));
        assertThat(cloud.reads(rover)).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(late.join().code()).isEqualTo(Code.OK);
    }

    @Test
    void aRefusingCloudComesBackOnItsPort() {
        waiting(machine);
        cloud.refuse();
        cloud.refuse();
        assertThat(cloud.waiting(rover.fqdn())).isZero();
        try (Caller late = Caller.of(cloud)) {
            assertThat(late.call(
                                    ROBOT + "Config",
                                    ConfigRequest.getDefaultInstance(),
                                    ConfigResponse.getDefaultInstance())
                            .code())
                    .isEqualTo(Code.UNAVAILABLE);
        }
        cloud.mend();
        try (Caller again = Caller.of(cloud)) {
            again.as("the-key", "api-key", "the-secret");
        }
    }

    @Test
    void aSilentCloudSaysNothingOnConnectionsOldAndNew() {
        cloud.silent();
        var old = begin(machine);
        try (Caller late = Caller.of(cloud)) {
            var fresh = late.begin(
                    ROBOT + "Config", ConfigRequest.getDefaultInstance(), ConfigResponse.getDefaultInstance());
            await().during(Duration.ofMillis(300)).until(() -> !old.isDone() && !fresh.isDone());
            cloud.mend();
            assertThat(old.join().code()).isEqualTo(Code.OK);
            assertThat(fresh.join().code()).isEqualTo(Code.UNAUTHENTICATED);
        }
    }

    private Caller.Running<AnswerRequest> waiting(Caller at) {
        int before = cloud.waiting(rover.fqdn());
        at.without(Signaler.HOST).with(Signaler.HOST, rover.fqdn());
        var stream = at.listen(
                SIGNALING + "Answer", AnswerResponse.getDefaultInstance(), AnswerRequest.getDefaultInstance());
        await().until(() -> cloud.waiting(rover.fqdn()) == before + 1);
        return stream;
    }

    private Caller.Running<CallResponse> call() {
        caller.without(Signaler.HOST).with(Signaler.HOST, rover.fqdn());
        return caller.start(
                SIGNALING + "Call",
                MethodType.SERVER_STREAMING,
                CallRequest.newBuilder().setSdp(Sdp.pack("offer", "v=0 offer")).build(),
                CallResponse.getDefaultInstance());
    }

    private Caller.Reply<CallUpdateResponse> update(CallUpdateRequest.Builder request) {
        return caller.call(SIGNALING + "CallUpdate", request.build(), CallUpdateResponse.getDefaultInstance());
    }

    private static AnswerResponse.Builder answer(AnswerRequest to) {
        return AnswerResponse.newBuilder().setUuid(to.getUuid());
    }

    private static ICECandidate candidate(String text) {
        return ICECandidate.newBuilder().setCandidate(text).build();
    }

    private Caller.Reply<OptionalWebRTCConfigResponse> webRtcConfig(Caller at) {
        return at.call(
                SIGNALING + "OptionalWebRTCConfig",
                OptionalWebRTCConfigRequest.getDefaultInstance(),
                OptionalWebRTCConfigResponse.getDefaultInstance());
    }

    private Caller.Reply<ConfigResponse> read(Caller at) {
        return begin(at).join();
    }

    private CompletableFuture<Caller.Reply<ConfigResponse>> begin(Caller at) {
        Message request = ConfigRequest.newBuilder().setId(rover.partId()).build();
        return at.begin(ROBOT + "Config", request, ConfigResponse.getDefaultInstance());
    }

    private CertificateResponse certificate() {
        return machine.call(
                        ROBOT + "Certificate",
                        CertificateRequest.newBuilder().setId(rover.partId()).build(),
                        CertificateResponse.getDefaultInstance())
                .only();
    }

    private Caller.Reply<AuthenticateResponse> authenticate(String entity, String type, String payload) {
        return stranger.call(
                "proto.rpc.v1.AuthService/Authenticate",
                AuthenticateRequest.newBuilder()
                        .setEntity(entity)
                        .setCredentials(Credentials.newBuilder().setType(type).setPayload(payload))
                        .build(),
                AuthenticateResponse.getDefaultInstance());
    }

    private static X509Certificate parsed(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }
}
