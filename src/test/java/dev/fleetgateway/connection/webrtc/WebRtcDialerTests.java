package dev.fleetgateway.connection.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.connection.Dialer;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.connection.WebRtcSettings;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.route.Way;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;

class WebRtcDialerTests {

    private static final String HOST = "rover.abc.viam.cloud";
    private static final String CANDIDATE = "candidate:1 1 udp 2122 192.0.2.2 40000 typ host";

    private final FakeTime time = new FakeTime();
    private final FakePeers peers = new FakePeers();
    private final ScriptedSignaling server = new ScriptedSignaling();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<FakeCarrier> carriers = new CopyOnWriteArrayList<>();
    private final ManagedChannel robot = NettyChannelBuilder.forAddress(
                    "127.0.0.1", server.address().port())
            .usePlaintext()
            .build();
    private final MovedNetworks networks = new MovedNetworks();
    private WebRtcDialer dialer = dialer(new WebRtcSettings(1000, 60));
    private @Nullable ApiKey key;
    private Tls.Mode tls = Tls.Mode.PLAINTEXT;
    private int offersBefore;

    private WebRtcDialer dialer(WebRtcSettings settings) {
        return new WebRtcDialer(
                peers,
                (_, _) -> {
                    FakeCarrier carrier = new FakeCarrier();
                    carriers.add(carrier);
                    return carrier;
                },
                new TlsContexts(new DefaultSslBundleRegistry()),
                new RouteKinds(List::of, List.of()),
                settings,
                new WebRtcMeters(registry),
                networks,
                time);
    }

    @AfterEach
    void nothingIsLeft() {
        dialer.close();
        robot.shutdownNow();
        server.close();
    }

    @Test
    void aMachineThatAnswersBecomesALinkOverTheWayThatIsObserved() {
        Heard heard = dial();
        connects();

        await().until(() -> heard.link != null);
        Link link = heard.link();
        assertThat(link.usable()).isTrue();
        assertThat(link.identity()).isEqualTo("part part-7");
        assertThat(link.route())
                .isEqualTo(new Route(
                        Route.Kind.LAN,
                        Route.Via.SIGNALING,
                        Route.Transport.WEBRTC,
                        "127.0.0.1:50000",
                        time.now(),
                        "on this host"));
        assertThat(heard.software).isEqualTo(new MachineReport.Software("rdk", "1.0", "v0.1"));
        assertThat(peers.servers.getFirst())
                .singleElement()
                .satisfies(ice -> assertThat(ice.urls()).containsExactly("turn:turn.example.com:3478"));
        assertThat(registry.counter("gateway.webrtc.dials", "result", "ok").count())
                .isEqualTo(1);
        assertThat(registry.counter("gateway.webrtc.connections").count()).isEqualTo(1);
    }

    @Test
    void aLinkIsWornWithItsPeerWhileTheBudgetHasDialsToSpare() {
        dialer.close();
        dialer = dialer(new WebRtcSettings(2, 60));
        Heard heard = dial();
        connects();

        await().until(() -> heard.link != null);
        assertThat(heard.link().worn()).isFalse();
        peers.last().worn = true;
        assertThat(heard.link().worn()).isTrue();
    }

    @Test
    void aRelayIsTheInternetHoweverNearItIs() {
        peers.pair = new Peer.Pair("10.9.9.9", 3478, "relay", "127.0.0.1", 50_000, "host");
        Heard heard = dial();
        connects();

        await().until(() -> heard.link != null);
        assertThat(heard.link().route().kind()).isEqualTo(Route.Kind.INTERNET);
        assertThat(heard.link().route().reason()).isEqualTo("through a relay at 10.9.9.9:3478");
    }

    @Test
    void aMachineWithoutACloudIsKnownByItsAddress() {
        server.partId = "";
        Heard heard = dial();
        connects();

        await().until(() -> heard.link != null);
        assertThat(heard.link().identity()).isEqualTo("address 127.0.0.1:50000");
    }

    @Test
    void aPairThatIsNotKnownAtOnceIsAskedForAgain() {
        Heard heard = dial();
        offered();
        peers.last().pairsMissing.set(2);
        connects();

        await().until(() -> {
            time.advance(Duration.ofMillis(100));
            return heard.link != null;
        });
    }

    @Test
    void ourCandidatesWaitForTheAnswerAndDoneForTheChannel() {
        Heard heard = dial();
        offered();
        peers.last().finds(CANDIDATE);
        assertThat(server.offers.getFirst()).isEqualTo("{\"type\":\"offer\",\"sdp\":\"v=0 offer\\r\\n\"}");
        assertThat(server.conversation()).containsExactly("call");
        server.hasCandidate("candidate:too early");

        server.answers();
        await().until(() -> server.heard.contains("candidate " + CANDIDATE));
        server.hasCandidate("candidate:theirs");
        server.hasCandidate("another uuid", "candidate:of somebody else");
        server.answers();
        peers.last().listener.gathered();
        await().until(() -> peers.last().heard.contains("candidate:theirs"));
        assertThat(server.conversation()).containsExactly("call", "candidate " + CANDIDATE);
        assertThat(peers.last().heard).containsExactlyInAnyOrder("v=0 answer", "candidate:theirs");

        peers.last().listener.opened();
        await().until(() -> heard.link != null);
        peers.last().finds("candidate:too late");
        await().until(() -> server.cancelled.get() == 1);
        assertThat(server.conversation()).containsExactly("call", "candidate " + CANDIDATE, "done");
    }

    @Test
    void whereCandidatesMayNotFollowTheOfferHoldsThemAll() {
        server.disableTrickle = true;
        dial();
        await().until(() -> !peers.made.isEmpty());
        peers.last().finds(CANDIDATE);
        peers.last().listener.gathered();

        await().until(() -> server.heard.contains("call whole"));
        assertThat(server.offers.getFirst()).contains("a=" + CANDIDATE + "\\r\\n", "a=end-of-candidates");
    }

    @Test
    void aCallThatEndsWellIsNoSuccessAndOnlyTheClockEndsTheDial() {
        Heard heard = dial();
        offered();
        server.answers();
        await().until(() -> peers.last().heard.contains("v=0 answer"));
        server.endsCall();

        time.advance(Duration.ofMillis(9_999));
        assertThat(heard.failed).isNull();
        time.advance(Duration.ofMillis(1));
        await().until(() -> heard.failed != null);
        assertThat(heard.failed).isEqualTo(FailureKind.TIMEOUT);
        assertThat(heard.reason).contains("after 10 s", "no packets pass");
        await().until(() -> server.heard.contains("error"));
        assertThat(server.heard.stream().filter("error"::equals)).hasSize(1);
        assertThat(peers.last().closed).isTrue();
    }

    @Test
    void aMachineThatIsSilentIsSaidToBe() {
        Heard heard = dial();
        offered();
        time.advance(Duration.ofSeconds(10));

        await().until(() -> heard.failed != null);
        assertThat(heard.reason).contains("did not answer the offer");
        await().until(() -> server.cancelled.get() == 1);
        assertThat(server.heard).doesNotContain("error");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, host not preconfigured, NAME_UNKNOWN, signaling.host",
        "NOT_FOUND, host appears to be offline; ensure machine is online and try again, OFFLINE, appears to be offline",
        "UNAVAILABLE, too many connection attempts; please wait a bit, TOO_OFTEN, too many connection attempts",
        "RESOURCE_EXHAUSTED, request exceeds rate limit, TOO_OFTEN, rate limit",
        "UNKNOWN, error from answerer, OTHER, error from answerer",
        "PERMISSION_DENIED, no, CREDENTIALS, none are configured",
    })
    void whatTheSignalingServerRefusesIsToldApart(Status.Code code, String said, FailureKind kind, String words) {
        server.refusesCall = code.toStatus().withDescription(said);
        Heard heard = dial();

        await().until(() -> heard.failed != null);
        assertThat(heard.failed).isEqualTo(kind);
        assertThat(heard.reason).contains(words);
    }

    @Test
    void whatIsNoSignalingServerIsSaidToBeNone() {
        server.signals = false;
        Heard heard = dial();

        await().until(() -> heard.failed != null);
        assertThat(heard.failed).isEqualTo(FailureKind.PROTOCOL);
        assertThat(heard.reason).contains("no signaling server");
        assertThat(peers.made).isEmpty();
    }

    @Test
    void aServerThatIsNotThereIsSaidToBeAway() {
        server.close();
        Heard heard = dial();

        await().until(() -> heard.failed != null);
        assertThat(heard.failed).isEqualTo(FailureKind.REFUSED);
        assertThat(heard.reason).contains("connection refused by the signaling server 127.0.0.1:");
    }

    @Test
    void aServerThatSpeaksPlaintextIsNotTrusted() {
        tls = Tls.Mode.REQUIRED;
        Heard heard = dial();

        await().until(() -> heard.failed != null);
        assertThat(heard.failed).isEqualTo(FailureKind.PROTOCOL);
        assertThat(heard.reason).contains("speaks plaintext, but TLS is required", "signaling.tls.mode");
    }

    @Test
    void aServerThatHangsUpWithoutAWordMayRequireTls() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var _ = Thread.startVirtualThread(() -> hangUp(mute));
            Heard heard = dial("rover", 20, new Address("127.0.0.1", mute.getLocalPort()));

            await().until(() -> heard.failed != null);
            assertThat(heard.failed).isEqualTo(FailureKind.CLOSED);
            assertThat(heard.reason).contains("without a word", "may require TLS: signaling.tls.mode is PLAINTEXT");
        }
    }

    private static void hangUp(ServerSocket mute) {
        try (Socket caller = mute.accept()) {
            // A viam-server with TLS reads what is no TLS, and hangs up.
            assertThat(caller.getInputStream().read()).isNotNegative();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anAnswerThatCannotBeReadEndsTheDial() {
        Heard heard = dial();
        offered();
        server.answersWith("nonsense");

        await().until(() -> heard.failed != null);
        assertThat(heard.reason).contains("cannot be read");
    }

    @Test
    void aTokenIsAskedForOnceAndNotTakenIntoTheChannel() {
        server.key = "secret";
        key = new ApiKey("key-1", () -> "secret");
        Heard first = dial();
        connects();
        await().until(() -> first.link != null);
        Heard second = dial();
        connects();
        await().until(() -> second.link != null);

        assertThat(server.heard.stream().filter("authenticate key-1"::equals)).hasSize(1);
        assertThat(server.authorizations).contains("Bearer token-1").endsWith((String) null);
    }

    @Test
    void aTokenThatIsRefusedIsRenewed() {
        server.key = "secret";
        key = new ApiKey("key-1", () -> "secret");
        Heard first = dial();
        connects();
        await().until(() -> first.link != null);
        server.token = "token-2";
        Heard second = dial();
        connects();

        await().until(() -> second.link != null);
        assertThat(server.heard.stream().filter("authenticate key-1"::equals)).hasSize(2);
    }

    @Test
    void aWrongKeyIsNamedByItsId() {
        server.key = "secret";
        key = new ApiKey("key-1", () -> "guess");
        Heard heard = dial();

        await().until(() -> heard.failed != null);
        assertThat(heard.failed).isEqualTo(FailureKind.CREDENTIALS);
        assertThat(heard.reason).contains("did not accept API key key-1", "invalid credentials");
    }

    @Test
    void aKeyThatTheServerDoesNotAskForIsNoTrouble() {
        key = new ApiKey("key-1", () -> "secret");
        Heard heard = dial();
        connects();

        await().until(() -> heard.link != null);
    }

    @Test
    void allMachinesShareOneConnectionAndItIsClosedWhenNobodyDials() {
        for (int i = 0; i < 5; i++) {
            Heard heard = dial("rover-" + i, 20);
            connects();
            await().until(() -> heard.link != null);
        }
        assertThat(server.connections).hasValue(2);
        await().until(() -> server.cancelled.get() == 5);

        await().until(() -> {
            time.advance(Lines.IDLE);
            return server.connectionsNow.get() == 1;
        });
        assertThat(dialer.lines()).isZero();
    }

    @Test
    void aConnectionMadeFromNetworksThatAreNoMoreIsNotDialedOn() {
        Heard before = dial("rover-1", 20);
        connects();
        await().until(() -> before.link != null);
        networks.change();
        Heard after = dial("rover-2", 20);
        connects();
        await().until(() -> after.link != null);
        assertThat(server.connections).hasValue(3);
        assertThat(dialer.lines()).isEqualTo(1);
    }

    private static final class MovedNetworks implements Networks {

        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

        @Override
        public List<Network> onLink() {
            return List.of();
        }

        @Override
        public void listen(Runnable listener) {
            listeners.add(listener);
        }

        void change() {
            listeners.forEach(Runnable::run);
        }
    }

    @Test
    void whoIsRefusedDoesNotCostTheOthersTheirConnection() {
        server.key = "secret";
        key = new ApiKey("key-1", () -> "secret");
        Heard good = dial("rover-1", 20);
        offered();
        key = new ApiKey("key-2", () -> "guess");
        Heard wrong = dial("rover-2", 20);
        await().until(() -> wrong.failed != null);

        server.answers();
        await().until(() -> peers.last().heard.contains("v=0 answer"));
        peers.last().listener.opened();
        await().until(() -> good.link != null);
        assertThat(server.connections).hasValue(2);
    }

    @Test
    void aConnectionOnWhichAServerWasSilentIsNotTakenAgain() {
        server.silent = true;
        Heard first = dial("rover-1", 20);
        await().until(() -> server.heard.contains("config rover-1." + HOST));
        time.advance(Duration.ofSeconds(10));
        await().until(() -> first.failed != null);
        assertThat(first.reason).contains("the signaling server", "did not answer");

        server.silent = false;
        Heard second = dial("rover-2", 20);
        connects();
        await().until(() -> second.link != null);
        assertThat(server.connections).hasValue(3);
    }

    @Test
    void aSecondDialToAMachineFailsAtOnce() {
        dial();
        Heard second = dial();

        assertThat(second.failed).isEqualTo(FailureKind.TOO_OFTEN);
        assertThat(second.reason).contains("another dial by WebRTC is under way");
        assertThat(registry.counter("gateway.webrtc.dials", "result", "too_often")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aFailedDialIsFollowedByAPause() {
        server.refusesCall = Status.NOT_FOUND.withDescription("host appears to be offline");
        Heard first = dial();
        await().until(() -> first.failed != null);

        time.advance(Duration.ofMillis(2_400));
        Heard hasty = dial("rover", 5);
        assertThat(hasty.failed).isEqualTo(FailureKind.TOO_OFTEN);
        assertThat(hasty.reason).contains("host appears to be offline", "it may be dialed again in 9 s");

        server.refusesCall = null;
        Heard patient = dial();
        time.advance(Duration.ofSeconds(8));
        assertThat(peers.made).hasSize(1);
        time.advance(Duration.ofMillis(100));
        connects();
        await().until(() -> patient.link != null);
        assertThat(patient.failed).isNull();
    }

    @Test
    void aDialThatIsGivenUpBeforeItsOfferCostsNoPause() {
        server.disableTrickle = true;
        Heard first = dial();
        await().until(() -> !peers.made.isEmpty());
        first.dial().close();
        server.disableTrickle = false;

        Heard second = dial();
        connects();
        await().until(() -> second.link != null);
        assertThat(first.failed).isNull();
        assertThat(peers.made.getFirst().closed).isTrue();
        assertThat(registry.counter("gateway.webrtc.dials", "result", "abandoned")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void anOfferThatWasSentHoldsItsPlaceUntilItConnectsThoughTheDialIsGivenUp() {
        Heard first = dial();
        offered();
        first.dial().close();

        Heard second = dial();
        assertThat(second.failed).isEqualTo(FailureKind.TOO_OFTEN);
        FakePeers.FakePeer peer = peers.made.getFirst();
        assertThat(peer.closed).isFalse();
        server.answers();
        await().until(() -> peer.heard.contains("v=0 answer"));
        peer.listener.opened();
        await().until(() -> peers.made.getFirst().closed);
        assertThat(first.link).isNull();
        assertThat(first.failed).isNull();

        Heard third = dial();
        connects();
        await().until(() -> third.link != null);
    }

    @Test
    void anOfferThatWasGivenUpAndNeverConnectsIsFollowedByAPause() {
        Heard first = dial();
        offered();
        first.dial().close();
        time.advance(Duration.ofSeconds(10));
        await().until(() -> peers.made.getFirst().closed);

        Heard hasty = dial("rover", 5);
        assertThat(hasty.failed).isEqualTo(FailureKind.TOO_OFTEN);
        assertThat(hasty.reason).contains("never connected");
    }

    @Test
    void onlySoManyConnectionsAreMade() {
        dialer.close();
        dialer = dialer(new WebRtcSettings(1, 60));
        Heard first = dial("rover-1", 20);
        connects();
        await().until(() -> first.link != null);
        Heard second = dial("rover-2", 20);
        await().until(() -> second.failed != null);
        assertThat(second.reason).contains("gateway.webrtc.dials-per-minute");

        time.advance(Duration.ofSeconds(11));
        Heard third = dial("rover-2", 20);
        connects();
        await().until(() -> third.link != null);
    }

    @Test
    void aDialForWhichNoneIsLeftAsksTheSignalingServerNothing() {
        dialer.close();
        dialer = dialer(new WebRtcSettings(1, 60));
        Heard first = dial("rover-1", 20);
        connects();
        await().until(() -> first.link != null);
        Heard second = dial("rover-2", 20);
        await().until(() -> second.failed != null);

        assertThat(second.failed).isEqualTo(FailureKind.TOO_OFTEN);
        assertThat(server.heard).contains("config rover-1." + HOST).doesNotContain("config rover-2." + HOST);
    }

    @Test
    void aDialThatEndsBeforeAConnectionIsMadeLeavesItToTheNext() {
        dialer.close();
        dialer = dialer(new WebRtcSettings(1, 1));
        server.refusesConfig = Status.NOT_FOUND.withDescription("host appears to be offline");
        Heard first = dial("rover-1", 20);
        await().until(() -> first.failed != null);
        assertThat(first.failed).isEqualTo(FailureKind.OFFLINE);
        server.refusesConfig = null;
        Heard second = dial("rover-2", 20);
        connects();
        await().until(() -> second.link != null);
    }

    @Test
    void aLibraryThatIsMissingIsNamed() {
        peers.missing = "WebRTC cannot be loaded: install libpulse0";
        Heard heard = dial();

        await().until(() -> heard.failed != null);
        assertThat(heard.failed).isEqualTo(FailureKind.NOT_INSTALLED);
        assertThat(heard.reason).contains("install libpulse0");
    }

    @Test
    void aLinkThatBreaksIsTold() {
        Heard heard = dial();
        connects();
        await().until(() -> heard.link != null);
        peers.last().listener.closed("disconnected");

        await().until(() -> heard.broke != null);
        assertThat(heard.broke).isEqualTo(FailureKind.CLOSED);
        assertThat(heard.reason).contains("disconnected");
        assertThat(heard.link().usable()).isFalse();
        assertThat(peers.last().closed).isTrue();
        assertThat(carriers.getLast().closed).isTrue();
    }

    @Test
    void aPeerThatEndsBeforeItIsOpenIsAFailure() {
        Heard heard = dial();
        offered();
        peers.last().listener.closed("no pair of addresses works");

        await().until(() -> heard.failed != null);
        assertThat(heard.reason).contains("no pair of addresses works");
    }

    @Test
    void aLinkThatIsClosedIsSilent() {
        Heard heard = dial();
        connects();
        await().until(() -> heard.link != null);
        heard.dial().close();
        peers.last().listener.closed("closed");

        assertThat(heard.link().usable()).isFalse();
        assertThat(peers.last().closed).isTrue();
        assertThat(heard.broke).isNull();
    }

    @Test
    void aLinkThatIsRetiredLetsItsCallsEnd() {
        Heard heard = dial();
        connects();
        await().until(() -> heard.link != null);
        heard.dial().retire();

        assertThat(heard.link().usable()).isFalse();
        assertThat(peers.last().closed).isFalse();
        carriers.getLast().drained();
        assertThat(peers.last().closed).isTrue();
    }

    @Test
    void aDialEndsWithinTheTimeOfItsMachine() {
        Heard heard = dial("rover", 4);
        offered();
        time.advance(Duration.ofSeconds(4));

        await().until(() -> heard.failed != null);
        assertThat(heard.failed).isEqualTo(FailureKind.TIMEOUT);
    }

    private Heard dial() {
        return dial("rover", 20);
    }

    private Heard dial(String name, int seconds) {
        return dial(name, seconds, server.address());
    }

    private Heard dial(String name, int seconds, Address signalingServer) {
        Tls plain = new Tls(tls, "127.0.0.1", null);
        Signaling signaling = new Signaling(signalingServer, plain, name + "." + HOST, List.of());
        Machine machine = new Machine(
                name,
                new Address(HOST, 8080),
                List.of(),
                Map.of(),
                RoutePolicy.INTERNET_ONLY,
                key,
                plain,
                Duration.ofSeconds(seconds),
                SessionManagement.AUTO,
                signaling);
        Candidate candidate = new Candidate(
                Route.Kind.INTERNET,
                Route.Via.SIGNALING,
                Route.Transport.WEBRTC,
                signalingServer.toString(),
                Candidate.State.UNTRIED,
                "",
                null);
        offersBefore = server.offers.size();
        Heard heard = new Heard();
        heard.dial = dialer.dial(machine, new Way.Signaled(candidate, signaling), heard);
        return heard;
    }

    private void offered() {
        await().until(() -> server.offers.size() > offersBefore);
    }

    private void connects() {
        offered();
        server.answers();
        FakePeers.FakePeer peer = peers.last();
        await().until(() -> peer.heard.contains("v=0 answer"));
        peer.listener.opened();
    }

    private static final class Heard implements Dialer.Listener {

        volatile Dialer.@Nullable Dial dial;
        volatile @Nullable Link link;
        volatile MachineReport.@Nullable Software software;
        volatile @Nullable FailureKind failed;
        volatile @Nullable FailureKind broke;
        volatile String reason = "";

        Link link() {
            Link open = link;
            if (open == null) {
                throw new AssertionError("it did not open");
            }
            return open;
        }

        Dialer.Dial dial() {
            Dialer.Dial begun = dial;
            if (begun == null) {
                throw new AssertionError("it was not begun");
            }
            return begun;
        }

        @Override
        public void opened(Link opened, MachineReport.@Nullable Software says) {
            software = says;
            link = opened;
        }

        @Override
        public void failed(FailureKind kind, String why) {
            reason = why;
            failed = kind;
        }

        @Override
        public void broke(FailureKind kind, String why) {
            reason = why;
            broke = kind;
        }
    }

    private final class FakeCarrier implements Carrier {

        private @Nullable Runnable drained;
        volatile boolean closed;

        void drained() {
            if (drained != null) {
                drained.run();
            }
        }

        @Override
        public Channel channel() {
            return robot;
        }

        @Override
        public void frame(byte[] frame) {}

        @Override
        public void retire(Runnable then) {
            drained = then;
        }

        @Override
        public void over(String reason) {
            closed = true;
        }
    }
}
