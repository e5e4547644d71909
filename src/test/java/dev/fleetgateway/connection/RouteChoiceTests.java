package dev.fleetgateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.discovery.KnownAddresses;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Candidates;
import dev.fleetgateway.route.Names;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.time.FakeTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A machine that announces itself on the LAN, has an address on a site network, and waits at a signaling server. */
class RouteChoiceTests {

    private static final Duration POLL = Duration.ofSeconds(4);
    private static final Duration HYSTERESIS = Duration.ofSeconds(10);
    private static final Tls TLS = new Tls(Tls.Mode.REQUIRED, "rover.loc.viam.cloud", null);
    private static final String LAN = "10.0.0.7:41234";
    private static final String WAN = "192.168.9.9:8080";
    private static final String INTERNET = "app.example:443";

    private final FakeTime time = new FakeTime();
    private final FakeDialer dialer = new FakeDialer(time);
    private final FakeDiscovery discovery = new FakeDiscovery();
    private final FakeNews news = new FakeNews();
    private final List<Networks.Network> onLink = new ArrayList<>(List.of(Networks.Network.parse("10.0.0.0/24")));
    private final RouteKinds kinds = new RouteKinds(() -> onLink, List.of());
    private Optional<InetSocketAddress> known = Optional.empty();
    private MachineConnection connection = connection(RoutePolicy.PREFER_LAN, "rover.loc.viam.cloud");

    private MachineConnection connection(RoutePolicy policy, String address, String... more) {
        Machine machine = new Machine(
                "rover",
                Address.parse(address),
                List.of(more).stream().map(Address::parse).toList(),
                Map.of(),
                policy,
                null,
                TLS,
                Duration.ofSeconds(20),
                SessionManagement.AUTO,
                new Signaling(Address.parse(INTERNET), TLS, "rover.loc.viam.cloud", List.of()));
        Names names = new Names(RouteChoiceTests::lookUp, Runnable::run);
        KnownAddresses addresses = new KnownAddresses() {
            @Override
            public Optional<InetSocketAddress> of(String name) {
                return known;
            }

            @Override
            public void keep(String name, InetSocketAddress socket) {
                known = Optional.of(socket);
            }
        };
        Search.Means means = new Search.Means(
                new Dialers(List.of(dialer)),
                new Candidates(kinds, names, discovery, addresses),
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
                        HYSTERESIS,
                        kinds::judge,
                        addresses,
                        news));
    }

    private static InetAddress[] lookUp(String host) throws UnknownHostException {
        if (host.endsWith(".viam.cloud")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.ofLiteral(host)};
    }

    @AfterEach
    void nothingIsLeftToDoAfterTheEnd() {
        connection.close("the test is over");
        assertThat(time.pendingTimers()).isEmpty();
    }

    private Route route() {
        return Objects.requireNonNull(connection.snapshot().route(), "nothing carries");
    }

    private Candidate candidate(String address) {
        return connection.snapshot().candidates().stream()
                .filter(each -> each.address().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private FakeDialer.FakeDial lastTo(String address) {
        return dialer.dials.stream()
                .filter(each -> each.candidate.address().equals(address))
                .reduce((_, later) -> later)
                .orElseThrow(() -> new AssertionError("nothing was dialed at " + address));
    }

    private FakeDialer.FakeDial isCarriedOver(String address) {
        FakeDialer.FakeDial dial = lastTo(address);
        dial.opens();
        dial.link.answersRunning();
        assertThat(route().peer()).isEqualTo(address);
        return dial;
    }

    /** Reached by signaling alone, since it did not announce itself. */
    private FakeDialer.FakeDial carriedOverTheInternet() {
        FakeDialer.FakeDial internet = metOverTheInternet();
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(1));
            polls(internet);
        }
        return internet;
    }

    private FakeDialer.FakeDial metOverTheInternet() {
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        return isCarriedOver(INTERNET);
    }

    private FakeDialer.FakeDial carriedOverTheLan() {
        discovery.announces("rover.loc.viam.cloud", "10.0.0.7", 41234);
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        return isCarriedOver(LAN);
    }

    private void polls(FakeDialer.FakeDial dial) {
        while (dial.link.isAsked()) {
            dial.link.answersRunning();
        }
    }

    private void seenOnTheLan() {
        discovery.announces("rover.loc.viam.cloud", "10.0.0.7", 41234);
        connection.worthAnotherLook(Duration.ZERO);
        time.advance(Duration.ofMillis(200));
    }

    @Test
    void theLanIsTriedBeforeTheInternetWhichIsTriedBesideItAfterTheHeadStart() {
        discovery.announces("rover.loc.viam.cloud", "10.0.0.7", 41234);
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        assertThat(dialer.dials).extracting(each -> each.candidate.address()).containsExactly(LAN);
        time.advance(Duration.ofMillis(300));
        assertThat(dialer.dials).extracting(each -> each.candidate.address()).containsExactly(LAN, INTERNET);
        isCarriedOver(LAN);
        assertThat(lastTo(INTERNET).closed).isTrue();
        assertThat(route().via()).isEqualTo(Route.Via.MDNS);
    }

    @Test
    void aBetterRouteThatAppearsIsMovedToOnlyAfterItHasStayed() {
        FakeDialer.FakeDial internet = carriedOverTheInternet();
        seenOnTheLan();
        FakeDialer.FakeDial lan = lastTo(LAN);
        lan.opens();
        lan.link.answersRunning();
        assertThat(candidate(LAN).state()).isEqualTo(Candidate.State.STANDBY);
        assertThat(route().kind()).isEqualTo(Route.Kind.INTERNET);
        time.advance(Duration.ofSeconds(9));
        polls(internet);
        polls(lan);
        assertThat(route().kind()).isEqualTo(Route.Kind.INTERNET);
        time.advance(Duration.ofSeconds(1));
        assertThat(route().kind()).isEqualTo(Route.Kind.LAN);
        assertThat(candidate(LAN).state()).isEqualTo(Candidate.State.IN_USE);
        assertThat(news.moves).containsExactly(new FakeNews.Move(Route.Kind.INTERNET, Route.Kind.LAN, Duration.ZERO));
    }

    @Test
    void whatAnsweredFirstWhenTheMachineWasMetIsLeftForABetterOneAtOnce() {
        metOverTheInternet();
        seenOnTheLan();
        isCarriedOver(LAN);
    }

    @Test
    void callsInFlightEndOnTheOldConnectionAndWhoeverHeldItMayStillBeginOne() {
        FakeDialer.FakeDial internet = carriedOverTheInternet();
        seenOnTheLan();
        lastTo(LAN).opens();
        lastTo(LAN).link.answersRunning();
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(1));
            polls(internet);
            polls(lastTo(LAN));
        }
        assertThat(route().kind()).isEqualTo(Route.Kind.LAN);
        assertThat(internet.retired).isFalse();
        time.advance(Duration.ofSeconds(5));
        assertThat(internet.retired).isTrue();
        assertThat(internet.closed).isFalse();
    }

    @Test
    void aBetterRouteThatDoesNotStayIsNotMovedTo() {
        FakeDialer.FakeDial internet = carriedOverTheInternet();
        seenOnTheLan();
        FakeDialer.FakeDial lan = lastTo(LAN);
        lan.opens();
        lan.link.answersRunning();
        time.advance(Duration.ofSeconds(5));
        polls(internet);
        lan.listener.broke(FailureKind.CLOSED, "the connection to 10.0.0.7:41234 closed");
        time.advance(Duration.ofSeconds(4));
        polls(internet);
        assertThat(route().kind()).isEqualTo(Route.Kind.INTERNET);
        assertThat(lan.closed).isTrue();
    }

    @Test
    void aLeasePinsItsConnectionUntilItEnds() {
        FakeDialer.FakeDial internet = carriedOverTheInternet();
        news.pinned = true;
        seenOnTheLan();
        lastTo(LAN).opens();
        for (int i = 0; i < 30; i++) {
            time.advance(Duration.ofSeconds(1));
            polls(internet);
            polls(lastTo(LAN));
        }
        assertThat(route().kind()).isEqualTo(Route.Kind.INTERNET);
        assertThat(candidate(LAN).state()).isEqualTo(Candidate.State.STANDBY);
        news.pinned = false;
        time.advance(POLL);
        polls(lastTo(LAN));
        assertThat(route().kind()).isEqualTo(Route.Kind.LAN);
    }

    @Test
    void afterTheFirstMissedPollAnotherRouteIsDialedBesideAndCarriesOnceItAnswers() {
        FakeDialer.FakeDial lan = carriedOverTheLan();
        time.advance(POLL);
        time.advance(Duration.ofSeconds(5));
        lan.link.misses();
        assertThat(connection.snapshot().state().ready()).isTrue();
        assertThat(lan.closed).isFalse();
        FakeDialer.FakeDial internet = lastTo(INTERNET);
        internet.opens();
        assertThat(route().kind()).isEqualTo(Route.Kind.LAN);
        internet.link.answersRunning();
        assertThat(route().kind()).isEqualTo(Route.Kind.INTERNET);
        assertThat(news.moves)
                .containsExactly(new FakeNews.Move(Route.Kind.LAN, Route.Kind.INTERNET, Duration.ofSeconds(9)));
    }

    @Test
    void aConnectionThatAnswersAgainIsKeptAndTheSearchBesideItEnds() {
        FakeDialer.FakeDial lan = carriedOverTheLan();
        time.advance(POLL);
        lan.link.misses();
        time.advance(Duration.ZERO);
        lan.link.answersRunning();
        assertThat(lastTo(INTERNET).closed).isTrue();
        assertThat(route().kind()).isEqualTo(Route.Kind.LAN);
        assertThat(news.moves).isEmpty();
    }

    @Test
    void underALeaseOneMissedPollIsNotEnoughToLeave() {
        FakeDialer.FakeDial lan = carriedOverTheLan();
        news.pinned = true;
        time.advance(POLL);
        lan.link.misses();
        lastTo(INTERNET).opens();
        lastTo(INTERNET).link.answersRunning();
        assertThat(route().kind()).isEqualTo(Route.Kind.LAN);
        time.advance(Duration.ZERO);
        lan.link.misses();
        assertThat(route().kind()).isEqualTo(Route.Kind.INTERNET);
    }

    @Test
    void whatTheBeatsOfASessionTellIsActedUponAtOnce() {
        FakeDialer.FakeDial lan = carriedOverTheLan();
        news.pinned = true;
        connection.doubt(connection.link().orElseThrow(), "the machine has answered no beat for a whole window");
        assertThat(lan.link.isAsked()).isTrue();
        lastTo(INTERNET).opens();
        lastTo(INTERNET).link.answersRunning();
        assertThat(route().kind()).isEqualTo(Route.Kind.INTERNET);
    }

    @Test
    void aDataChannelThatGoesOnByAnotherNetworkIsShownThere() {
        FakeDialer.FakeDial internet = carriedOverTheInternet();
        internet.link.seen = new Route(
                Route.Kind.LAN, Route.Via.SIGNALING, Route.Transport.WEBRTC, "10.0.0.7:50000", time.now(), "on-link");
        time.advance(POLL);
        polls(internet);
        assertThat(route().kind()).isEqualTo(Route.Kind.LAN);
        assertThat(route().peer()).isEqualTo("10.0.0.7:50000");
        assertThat(route().since()).isEqualTo(internet.link.seen.since());
    }

    @Test
    void whoCallsIsToldTheRouteAsItIsKnownNow() {
        FakeDialer.FakeDial internet = carriedOverTheInternet();
        onLink.clear();
        seenOnTheLan();
        FakeDialer.FakeDial lan = lastTo(LAN);
        lan.opens();
        lan.link.answersRunning();
        assertThat(candidate(LAN).kind()).isEqualTo(Route.Kind.WAN);
        onLink.add(Networks.Network.parse("10.0.0.0/24"));
        connection.worthAnotherLook(Duration.ZERO);
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(1));
            polls(internet);
            polls(lan);
        }
        assertThat(connection.link().orElseThrow().route().kind()).isEqualTo(Route.Kind.LAN);
        assertThat(candidate(LAN).kind()).isEqualTo(Route.Kind.LAN);
        assertThat(candidate(LAN).state()).isEqualTo(Candidate.State.IN_USE);
    }

    @Test
    void whenTheConnectionClosesTheOneBesideItCarriesWithoutAGap() {
        FakeDialer.FakeDial internet = carriedOverTheInternet();
        seenOnTheLan();
        lastTo(LAN).opens();
        lastTo(LAN).link.answersRunning();
        internet.listener.broke(FailureKind.CLOSED, "the data channel is gone");
        assertThat(connection.snapshot().state().ready()).isTrue();
        assertThat(route().kind()).isEqualTo(Route.Kind.LAN);
    }

    @Test
    void whenTheConnectionClosesTheOthersAreDialedWithinASecond() {
        FakeDialer.FakeDial lan = carriedOverTheLan();
        lan.listener.broke(FailureKind.CLOSED, "the connection to 10.0.0.7:41234 closed");
        time.advance(Duration.ofMillis(600));
        isCarriedOver(INTERNET);
        assertThat(news.moves)
                .singleElement()
                .satisfies(move -> assertThat(move.without()).isLessThan(Duration.ofSeconds(1)));
    }

    @Test
    void anotherMachineUnderTheSameNameNeverTakesOver() {
        carriedOverTheInternet();
        seenOnTheLan();
        FakeDialer.FakeDial lan = lastTo(LAN);
        lan.link.identity = "part 2";
        lan.opens();
        assertThat(lan.closed).isTrue();
        assertThat(candidate(LAN).reason()).contains("another machine answers there");
    }

    @Test
    void whereTheNetworkOfTheCarrierIsGoneAnotherIsDialedAtOnce() {
        FakeDialer.FakeDial lan = carriedOverTheLan();
        onLink.clear();
        connection.worthAnotherLook(Duration.ZERO);
        lastTo(INTERNET).opens();
        lastTo(INTERNET).link.answersRunning();
        assertThat(route().kind()).isEqualTo(Route.Kind.INTERNET);
        assertThat(lan.closed).isTrue();
    }

    @Test
    void aLocalNameIsLeftAtOnceWhenItsNetworkIsGoneAndNothingElseIsDialed() {
        connection = connection(RoutePolicy.PREFER_LAN, "rover.loc.local.viam.cloud");
        FakeDialer.FakeDial lan = carriedOverTheLan();
        onLink.clear();
        connection.worthAnotherLook(Duration.ZERO);
        assertThat(lan.closed).isTrue();
        time.advance(Duration.ofMinutes(1));
        assertThat(dialer.dials).hasSize(1);
        assertThat(candidate(LAN).state()).isEqualTo(Candidate.State.EXCLUDED);
        assertThat(candidate(INTERNET).state()).isEqualTo(Candidate.State.EXCLUDED);
    }

    @Test
    void internetOnlyIsReachedBySignalingAlone() {
        connection = connection(RoutePolicy.INTERNET_ONLY, "10.0.0.7:8080");
        discovery.announces("rover.loc.viam.cloud", "10.0.0.7", 41234);
        connection.start(Duration.ZERO);
        time.advance(Duration.ofSeconds(1));
        assertThat(dialer.dials).extracting(each -> each.candidate.address()).containsExactly(INTERNET);
        assertThat(candidate("10.0.0.7:8080").reason()).contains("INTERNET_ONLY");
    }

    @Test
    void lanOnlyIsNeverReachedBySignaling() {
        connection = connection(RoutePolicy.LAN_ONLY, "10.0.0.7:8080");
        connection.start(Duration.ZERO);
        time.advance(Duration.ofSeconds(1));
        assertThat(dialer.dials).extracting(each -> each.candidate.address()).containsExactly("10.0.0.7:8080");
        assertThat(candidate(INTERNET).state()).isEqualTo(Candidate.State.EXCLUDED);
    }

    @Test
    void whereItWasLastReachedIsTriedThoughNothingIsAnnounced() {
        carriedOverTheLan();
        assertThat(known).contains(new InetSocketAddress("10.0.0.7", 41234));
        connection.disconnect("by an administrator");
        discovery.forgets();
        connection.connect("by an administrator");
        assertThat(dialer.last().candidate.address()).isEqualTo(LAN);
        assertThat(dialer.last().candidate.reason()).contains("last reached");
    }

    @Test
    void aStopBorrowsTheConnectionThatStandsBeside() {
        carriedOverTheInternet();
        seenOnTheLan();
        lastTo(LAN).opens();
        lastTo(LAN).link.answersRunning();
        int dials = dialer.dials.size();
        assertThat(connection.dialAside(Duration.ofSeconds(1)))
                .isCompletedWithValueMatching(aside -> aside.link().route().kind() == Route.Kind.LAN);
        assertThat(dialer.dials).hasSize(dials);
    }

    @Test
    void theSiteNetworkIsBetterThanTheInternetAndWorseThanTheLan() {
        connection = connection(RoutePolicy.PREFER_LAN, WAN);
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        FakeDialer.FakeDial wan = isCarriedOver(WAN);
        assertThat(route().kind()).isEqualTo(Route.Kind.WAN);
        seenOnTheLan();
        lastTo(LAN).opens();
        lastTo(LAN).link.answersRunning();
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(1));
            polls(wan);
            polls(lastTo(LAN));
        }
        assertThat(route().kind()).isEqualTo(Route.Kind.LAN);
        assertThat(dialer.dials).extracting(each -> each.candidate.address()).doesNotContain(INTERNET);
    }
}
