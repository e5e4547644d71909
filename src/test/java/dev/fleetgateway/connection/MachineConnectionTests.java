package dev.fleetgateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.discovery.KnownAddresses;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Candidates;
import dev.fleetgateway.route.Names;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MachineConnectionTests {

    private static final Duration POLL = Duration.ofSeconds(4);

    private final FakeTime time = new FakeTime();
    private final FakeDialer dialer = new FakeDialer(time);
    private final FakeDiscovery discovery = new FakeDiscovery();
    private final FakeNews news = new FakeNews();
    private final RouteKinds kinds = new RouteKinds(() -> List.of(Networks.Network.parse("10.0.0.0/24")), List.of());
    private MachineConnection connection = connection(RoutePolicy.PREFER_LAN, "10.0.0.7:8080");

    private MachineConnection connection(RoutePolicy policy, String address, String... more) {
        Machine machine = new Machine(
                "rover",
                Address.parse(address),
                Arrays.stream(more).map(Address::parse).toList(),
                Map.of(),
                policy,
                null,
                new Tls(Tls.Mode.PLAINTEXT, "rover", null),
                Duration.ofSeconds(20),
                SessionManagement.AUTO,
                null);
        Search.Means means = new Search.Means(
                new Dialers(List.of(dialer)),
                new Candidates(
                        kinds,
                        new Names(MachineConnectionTests::lookUp, Runnable::run),
                        discovery,
                        KnownAddresses.NONE),
                Runnable::run,
                Duration.ofMillis(300),
                time);
        return new MachineConnection(
                machine,
                new MachineConnection.Means(
                        (each, choice, context, listener) -> new Search(each, means, choice, context, listener),
                        time,
                        new Backoff(() -> 0.5),
                        () -> POLL,
                        Duration.ofSeconds(10),
                        kinds::judge,
                        KnownAddresses.NONE,
                        news));
    }

    private static InetAddress[] lookUp(String host) throws UnknownHostException {
        if (host.equals("nobody.invalid")) {
            throw new UnknownHostException(host);
        }
        return host.equals("rover.loc.local.viam.cloud")
                ? new InetAddress[] {InetAddress.getByName("192.0.2.1")}
                : new InetAddress[] {InetAddress.getByName(host)};
    }

    private ConnectionState state() {
        return connection.snapshot().state();
    }

    private void becomesReady() {
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        dialer.last().opens();
        dialer.last().link.answersRunning();
        assertThat(state()).isInstanceOf(ConnectionState.Ready.class);
    }

    @AfterEach
    void nothingIsLeftToDoAfterTheEnd() {
        connection.close("the test is over");
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void itIsReadyOnlyWhenTheMachineHasAnsweredAPoll() {
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        dialer.last().opens();
        assertThat(state()).isInstanceOf(ConnectionState.Connecting.class);
        assertThat(connection.link()).isEmpty();
        dialer.last().link.answersRunning();
        assertThat(state()).isInstanceOf(ConnectionState.Ready.class);
        assertThat(connection.link()).isPresent();
        assertThat(connection.snapshot().route()).isNotNull();
    }

    @Test
    void oneMissedDeadlineIsNotOffline() {
        becomesReady();
        time.advance(POLL);
        dialer.last().link.misses();
        assertThat(state()).isInstanceOf(ConnectionState.Ready.class);
        assertThat(connection.snapshot().missedPolls()).isOne();
    }

    @Test
    void twoMissedPollsAreAndAnAnswerOnTheSameConnectionBringsItBack() {
        becomesReady();
        FakeLink link = dialer.last().link;
        time.advance(POLL);
        link.misses();
        time.advance(Duration.ZERO);
        link.misses();
        assertThat(state()).isInstanceOf(ConnectionState.TransientFailure.class);
        assertThat(state().reason()).contains("2 status polls in a row failed");
        assertThat(connection.link()).isEmpty();
        assertThat(connection.snapshot().route()).isNull();
        time.advance(Duration.ZERO);
        link.answersRunning();
        assertThat(state()).isInstanceOf(ConnectionState.Ready.class);
        assertThat(dialer.dials).hasSize(1);
    }

    @Test
    void aConnectionThatStaysSilentIsGivenUpAndDialedAnew() {
        becomesReady();
        FakeDialer.FakeDial first = dialer.last();
        time.advance(POLL);
        for (int i = 0; i < 6; i++) {
            first.link.misses();
            time.advance(Duration.ZERO);
        }
        assertThat(first.closed).isTrue();
        time.advance(Duration.ofSeconds(1));
        assertThat(dialer.dials).hasSize(2);
    }

    @Test
    void aBrokenConnectionIsDialedAgainWithinHalfASecondAndTheTroubleIsTold() {
        becomesReady();
        dialer.last().listener.broke(FailureKind.CLOSED, "the connection to 10.0.0.7:8080 closed");
        assertThat(state()).isInstanceOf(ConnectionState.TransientFailure.class);
        assertThat(state().reason()).contains("closed");
        time.advance(Duration.ofMillis(500));
        assertThat(dialer.dials).hasSize(2);
        dialer.last().opens();
        dialer.last().link.answersRunning();
        assertThat(state()).isInstanceOf(ConnectionState.Ready.class);
    }

    @Test
    void anAbsentMachineIsTriedFromASecondUpToHalfAMinuteApart() {
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        for (int i = 0; i < 12; i++) {
            dialer.last().listener.failed(FailureKind.REFUSED, "refused");
            time.advance(Duration.ofSeconds(30));
        }
        assertThat(dialer.dials).hasSize(13);
        assertThat(state().attempts()).isEqualTo(12);
    }

    @Test
    void aWrongKeyIsNotHammered() {
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        dialer.last().listener.failed(FailureKind.CREDENTIALS, "the machine did not accept API key k1");
        Instant next = ((ConnectionState.TransientFailure) state()).nextAttemptAt();
        assertThat(Duration.between(time.now(), next)).isGreaterThanOrEqualTo(Duration.ofSeconds(24));
        time.advance(Duration.ofSeconds(20));
        assertThat(dialer.dials).hasSize(1);
    }

    @Test
    void aWrongKeyAfterALongAbsenceIsNotPutOffForTheAbsence() {
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        for (int i = 0; i < 8; i++) {
            dialer.last().listener.failed(FailureKind.REFUSED, "refused");
            time.advance(Duration.ofSeconds(30));
        }
        dialer.last().listener.failed(FailureKind.CREDENTIALS, "the machine did not accept API key k1");
        Instant next = ((ConnectionState.TransientFailure) state()).nextAttemptAt();
        assertThat(Duration.between(time.now(), next)).isLessThanOrEqualTo(Duration.ofSeconds(36));
    }

    @Test
    void whatFailsForAnotherSortOfReasonIsCountedAnewUntilItGrowsByItself() {
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        for (int i = 0; i < 8; i++) {
            dialer.last().listener.failed(FailureKind.REFUSED, "refused");
            time.advance(Duration.ofSeconds(30));
        }
        assertThat(waitAfter(FailureKind.PROTOCOL)).isLessThanOrEqualTo(Duration.ofSeconds(36));
        time.advance(Duration.ofSeconds(36));
        assertThat(waitAfter(FailureKind.PROTOCOL)).isBetween(Duration.ofSeconds(38), Duration.ofSeconds(58));
        time.advance(Duration.ofSeconds(58));
        assertThat(waitAfter(FailureKind.REFUSED)).isLessThanOrEqualTo(Duration.ofMillis(1_200));
        time.advance(Duration.ofMillis(1_200));
        assertThat(waitAfter(FailureKind.REFUSED)).isLessThanOrEqualTo(Duration.ofMillis(1_920));
    }

    private Duration waitAfter(FailureKind kind) {
        dialer.last().listener.failed(kind, "failed");
        return Duration.between(time.now(), ((ConnectionState.TransientFailure) state()).nextAttemptAt());
    }

    @Test
    void aDeadTokenMeansAuthenticatingAgainSoon() {
        becomesReady();
        time.advance(POLL);
        dialer.last().link.fails(Status.UNAUTHENTICATED.withDescription("this server did not sign this JWT"));
        assertThat(state().reason()).contains("authenticating again");
        time.advance(Duration.ofMillis(500));
        assertThat(dialer.dials).hasSize(2);
    }

    @Test
    void aBusyMachineIsNotAnAbsentOne() {
        becomesReady();
        for (int i = 0; i < 4; i++) {
            time.advance(POLL);
            dialer.last().link.fails(Status.RESOURCE_EXHAUSTED.withDescription("limit of 100"));
        }
        assertThat(state()).isInstanceOf(ConnectionState.Ready.class);
    }

    @Test
    void anAnswerThatIsNotGrpcIsNoAnswer() {
        becomesReady();
        time.advance(POLL);
        dialer.last().link.answersNonsense();
        time.advance(Duration.ofSeconds(1));
        dialer.last().link.answersNonsense();
        assertThat(state()).isInstanceOf(ConnectionState.TransientFailure.class);
    }

    @Test
    void aStopGoesOutOnAConnectionThatHasFallenSilentToo() {
        becomesReady();
        time.advance(POLL);
        dialer.last().link.misses();
        time.advance(Duration.ZERO);
        dialer.last().link.misses();
        assertThat(connection.link()).isEmpty();
        assertThat(connection.linkForStop()).isPresent();
    }

    @Test
    void whatNoLongerCarriesIsNotShownInUse() {
        becomesReady();
        connection.disconnect("by an administrator");
        assertThat(connection.snapshot().candidates())
                .extracting(Candidate::state)
                .containsExactly(Candidate.State.FAILED);
    }

    @Test
    void aDialThatThrowsIsAFailedDial() {
        dialer.broken = true;
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        assertThat(state()).isInstanceOf(ConnectionState.TransientFailure.class);
        assertThat(state().reason()).contains("cannot be dialed");
    }

    @Test
    void aParkedConnectionIsLeftAloneUntilSomebodyConnectsIt() {
        becomesReady();
        connection.disconnect("by an administrator");
        assertThat(state()).isInstanceOf(ConnectionState.Idle.class);
        assertThat(dialer.last().closed).isTrue();
        time.advance(Duration.ofHours(1));
        assertThat(dialer.dials).hasSize(1);
        connection.connect("by an administrator");
        assertThat(dialer.dials).hasSize(2);
    }

    @Test
    void theBetterKindIsDialedFirstAndTheNextBesideItAfterTheHeadStart() {
        connection = connection(RoutePolicy.PREFER_LAN, "192.168.9.9:8080", "10.0.0.7:8080");
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        assertThat(dialer.dials).hasSize(1);
        assertThat(dialer.last().candidate.address()).isEqualTo("10.0.0.7:8080");
        time.advance(Duration.ofMillis(300));
        assertThat(dialer.dials).hasSize(2);
        dialer.dials.getLast().opens();
        assertThat(dialer.dials.getFirst().closed).isTrue();
    }

    @Test
    void lanOnlyNeverDialsWhatIsNotOnTheLan() {
        connection = connection(RoutePolicy.LAN_ONLY, "192.168.9.9:8080");
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        assertThat(dialer.dials).isEmpty();
        assertThat(state().reason()).contains("LAN_ONLY");
        assertThat(connection.snapshot().candidates()).singleElement().satisfies(candidate -> {
            assertThat(candidate.state()).isEqualTo(Candidate.State.EXCLUDED);
            assertThat(candidate.kind()).isEqualTo(Route.Kind.WAN);
        });
    }

    @Test
    void aLocalViamCloudNameNeverLeavesTheLan() {
        connection = connection(RoutePolicy.PREFER_LAN, "rover.loc.local.viam.cloud");
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        assertThat(dialer.dials).isEmpty();
        assertThat(state().reason()).contains(".local.viam.cloud");
    }

    @Test
    void aNameWithoutAnAddressIsToldApart() {
        connection = connection(RoutePolicy.PREFER_LAN, "nobody.invalid:8080");
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        assertThat(state())
                .isInstanceOfSatisfying(
                        ConnectionState.TransientFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.NAME_UNKNOWN));
    }
}
