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
import io.grpc.Channel;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A machine that is reached by signaling, over a connection that wears. */
class RenewalTests {

    private static final Duration POLL = Duration.ofSeconds(4);
    private static final Tls TLS = new Tls(Tls.Mode.REQUIRED, "rover.loc.viam.cloud", null);
    private static final String INTERNET = "app.example:443";
    private static final String LAN = "10.0.0.7:41234";

    private final FakeTime time = new FakeTime();
    private final FakeDialer dialer = new FakeDialer(time);
    private final FakeDiscovery discovery = new FakeDiscovery();
    private final FakeNews news = new FakeNews();
    private final MachineConnection connection = connection();

    private MachineConnection connection() {
        RouteKinds kinds = new RouteKinds(() -> List.of(Networks.Network.parse("10.0.0.0/24")), List.of());
        Names names = new Names(
                host -> {
                    throw new UnknownHostException(host);
                },
                Runnable::run);
        Search.Means means = new Search.Means(
                new Dialers(List.of(dialer)),
                new Candidates(kinds, names, discovery, KnownAddresses.NONE),
                Runnable::run,
                Duration.ofMillis(300),
                time);
        return new MachineConnection(
                new Machine(
                        "rover",
                        Address.parse("rover.loc.viam.cloud"),
                        List.of(),
                        Map.of(),
                        RoutePolicy.PREFER_LAN,
                        null,
                        TLS,
                        Duration.ofSeconds(20),
                        SessionManagement.AUTO,
                        new Signaling(Address.parse(INTERNET), TLS, "rover.loc.viam.cloud", List.of())),
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

    @AfterEach
    void nothingIsLeftToDoAfterTheEnd() {
        connection.close("the test is over");
        assertThat(time.pendingTimers()).isEmpty();
    }

    private FakeDialer.FakeDial carried() {
        connection.start(Duration.ZERO);
        time.advance(Duration.ZERO);
        FakeDialer.FakeDial dial = dialer.last();
        dial.opens();
        dial.link.answersRunning();
        passes(dial, Duration.ofSeconds(10));
        return dial;
    }

    /** Carried so long already, and then it wears and is dialed once more. */
    private FakeDialer.FakeDial renewing(FakeDialer.FakeDial worn) {
        int dials = dialer.dials.size();
        worn.link.worn = true;
        passes(worn, POLL);
        assertThat(dialer.dials).hasSize(dials + 1);
        return dialer.last();
    }

    private void passes(FakeDialer.FakeDial polled, Duration span) {
        for (Duration left = span; left.isPositive(); left = left.minusSeconds(1)) {
            time.advance(Duration.ofSeconds(1));
            while (polled.link.isAsked()) {
                polled.link.answersRunning();
            }
        }
    }

    private Channel carrier() {
        return connection.link().orElseThrow().channel();
    }

    private Candidate candidate() {
        assertThat(connection.snapshot().candidates())
                .filteredOn(each -> each.via() == Route.Via.SIGNALING)
                .hasSize(1);
        return connection.snapshot().candidates().stream()
                .filter(each -> each.via() == Route.Via.SIGNALING)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aWornConnectionIsLeftForAFreshOneOnceThatAnswersAndNothingWasLost() {
        FakeDialer.FakeDial worn = carried();
        Instant since = Objects.requireNonNull(connection.snapshot().route()).since();
        FakeDialer.FakeDial fresh = renewing(worn);
        assertThat(candidate().state()).isEqualTo(Candidate.State.IN_USE);
        fresh.opens();
        assertThat(candidate().state()).isEqualTo(Candidate.State.IN_USE);
        assertThat(carrier()).isSameAs(worn.link.channel());
        passes(worn, POLL);
        assertThat(carrier()).isSameAs(worn.link.channel());

        fresh.link.answersRunning();

        assertThat(carrier()).isSameAs(fresh.link.channel());
        assertThat(candidate().state()).isEqualTo(Candidate.State.IN_USE);
        assertThat(candidate().triedAt()).isAfter(since);
        assertThat(connection.snapshot().state().ready()).isTrue();
        assertThat(connection.snapshot().route()).satisfies(route -> {
            assertThat(Objects.requireNonNull(route).since()).isEqualTo(time.now());
        });
        assertThat(news.moves)
                .containsExactly(new FakeNews.Move(Route.Kind.INTERNET, Route.Kind.INTERNET, Duration.ZERO));
        assertThat(worn.closed).isFalse();
        passes(fresh, Duration.ofSeconds(5));
        assertThat(worn.retired).as("no new call, and those in flight end").isTrue();
        assertThat(worn.closed).isFalse();
        passes(fresh, Duration.ofMinutes(30));
        assertThat(dialer.dials).hasSize(2);
    }

    @Test
    void aFailedRenewalLeavesTheConnectionAsItIsAndIsTriedAgainOnlyMuchLater() {
        FakeDialer.FakeDial worn = carried();
        FakeDialer.FakeDial fresh = renewing(worn);
        Candidate before = candidate();
        fresh.listener.failed(FailureKind.TIMEOUT, "the signaling server did not answer");

        assertThat(candidate()).isEqualTo(before);
        assertThat(connection.snapshot().state().ready()).isTrue();
        passes(worn, Lines.RENEWED_AGAIN.minus(POLL));
        assertThat(carrier()).isSameAs(worn.link.channel());
        assertThat(dialer.dials).hasSize(2);
        passes(worn, POLL);
        assertThat(dialer.dials).hasSize(3);
        dialer.last().opens();
        dialer.last().link.answersRunning();
        assertThat(carrier()).isSameAs(dialer.last().link.channel());
    }

    @Test
    void aFreshConnectionThatDoesNotAnswerIsClosedAndTheOneInUseIsNotBlamed() {
        FakeDialer.FakeDial worn = carried();
        FakeDialer.FakeDial fresh = renewing(worn);
        fresh.opens();
        fresh.link.misses();

        assertThat(fresh.closed).isTrue();
        assertThat(carrier()).isSameAs(worn.link.channel());
        assertThat(candidate().state()).isEqualTo(Candidate.State.IN_USE);
        assertThat(news.moves).isEmpty();
    }

    @Test
    void underALeaseAWornConnectionIsNotDialedAnew() {
        FakeDialer.FakeDial worn = carried();
        news.pinned = true;
        worn.link.worn = true;
        passes(worn, Duration.ofMinutes(10));
        assertThat(dialer.dials).hasSize(1);
        news.pinned = false;
        passes(worn, POLL);
        assertThat(dialer.dials).hasSize(2);
    }

    @Test
    void aLeaseThatComesMeanwhilePinsTheWornConnectionAndTheFreshOneIsLeft() {
        FakeDialer.FakeDial worn = carried();
        FakeDialer.FakeDial fresh = renewing(worn);
        fresh.opens();
        news.pinned = true;
        fresh.link.answersRunning();

        assertThat(carrier()).isSameAs(worn.link.channel());
        assertThat(fresh.closed).isTrue();
        assertThat(candidate().state()).isEqualTo(Candidate.State.IN_USE);
        assertThat(news.moves).isEmpty();
    }

    @Test
    void aWornConnectionIsNotDialedAnewBesideABetterOneThatStandsBy() {
        FakeDialer.FakeDial worn = carried();
        discovery.announces("rover.loc.viam.cloud", "10.0.0.7", 41234);
        connection.worthAnotherLook(Duration.ZERO);
        time.advance(Duration.ofMillis(200));
        FakeDialer.FakeDial lan = dialer.last();
        assertThat(lan.candidate.address()).isEqualTo(LAN);
        worn.link.worn = true;
        passes(worn, POLL);
        assertThat(dialer.dials).hasSize(2);
        lan.opens();
        lan.link.answersRunning();
        passes(worn, POLL);
        assertThat(dialer.dials).hasSize(2);
    }

    @Test
    void aConnectionThatIsLostBeforeTheFreshOneAnswersIsDialedAsEver() {
        FakeDialer.FakeDial worn = carried();
        FakeDialer.FakeDial fresh = renewing(worn);
        fresh.opens();
        worn.link.usable = false;
        worn.listener.broke(FailureKind.CLOSED, "the data channel is gone");
        time.advance(Duration.ofSeconds(1));
        dialer.last().opens();
        dialer.last().link.answersRunning();
        assertThat(connection.snapshot().state().ready()).isTrue();
        assertThat(candidate().state()).isEqualTo(Candidate.State.IN_USE);
    }
}
