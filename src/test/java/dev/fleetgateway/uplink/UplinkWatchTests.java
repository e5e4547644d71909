package dev.fleetgateway.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.ConnectionState;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.time.FakeTime;
import dev.fleetgateway.uplink.Uplink.State;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UplinkWatchTests {

    private final FakeTime time = new FakeTime();
    private final List<Machine> machines = new ArrayList<>();
    private final World world = new World(time);
    private final Deque<Runnable> owed = new ArrayDeque<>();
    private boolean late;
    private final List<Uplink> told = new CopyOnWriteArrayList<>();
    private UplinkWatch watch = watch();

    private UplinkWatch watch() {
        return new UplinkWatch(
                new TheFleet(),
                List.of(),
                new NoConnections(),
                world,
                world,
                new RouteKinds(world, List.of()),
                this::aside,
                time);
    }

    private void aside(Runnable task) {
        if (late) {
            owed.add(task);
        } else {
            task.run();
        }
    }

    @AfterEach
    void nothingIsLeftToDoAfterTheEnd() {
        watch.stop();
        assertThat(time.pendingTimers()).isEmpty();
    }

    private static Machine machine(String name, String signaling) {
        Tls tls = new Tls(Tls.Mode.PLAINTEXT, name, null);
        return new Machine(
                name,
                Address.parse(name + ".example"),
                List.of(),
                Map.of(),
                RoutePolicy.PREFER_LAN,
                null,
                tls,
                Duration.ofSeconds(20),
                SessionManagement.AUTO,
                signaling.isEmpty() ? null : new Signaling(Address.parse(signaling), tls, name, List.of()));
    }

    private void start(String... servers) {
        int number = 1;
        for (String server : servers) {
            machines.add(machine("rover-" + number++, server));
        }
        watch.listen(told::add);
        watch.start();
    }

    private void passes(Duration while_) {
        time.advance(while_);
    }

    private void becomes(State state) {
        assertThat(watch.now().state()).isEqualTo(state);
    }

    private void answersOverTheInternet(String... names) {
        for (String name : names) {
            watch.changed(answer(name, "public address"));
        }
    }

    private Connection.Snapshot answer(String name, String way) {
        Instant now = time.now();
        return new Connection.Snapshot(
                machine(name, ""),
                new ConnectionState.Ready(now, ""),
                new Route(
                        Route.Kind.INTERNET,
                        Route.Via.SIGNALING,
                        Route.Transport.WEBRTC,
                        "203.0.113.7:50000",
                        now,
                        way),
                List.of(),
                new MachineReport(
                        now,
                        Duration.ofMillis(40),
                        MachineReport.Lifecycle.RUNNING,
                        "",
                        List.of(),
                        now,
                        null,
                        "p",
                        null),
                0);
    }

    @Test
    void aServerThatCanBeConnectedToShowsThatItIsThere() {
        start("app.example:443");
        becomes(State.UP);
        assertThat(watch.now().reason()).isEqualTo("app.example:443 can be connected to");
        assertThat(told).extracting(Uplink::state).endsWith(State.UP);
    }

    @Test
    void aServerThatRefusesShowsItToo() {
        world.refuses = true;
        start("app.example:443");
        becomes(State.UP);
        assertThat(watch.now().reason()).contains("refuses");
    }

    @Test
    void oneServerThatIsSilentAloneMayBeGoneItself() {
        start("app.example:443");
        becomes(State.UP);
        world.silent = true;
        passes(Duration.ofSeconds(60));
        becomes(State.UNKNOWN);
        assertThat(watch.now().reason())
                .contains("app.example:443 does not answer")
                .contains("cannot be told");
    }

    @Test
    void ofAServerThatIsSilentOnceItIsNotSaidThatItWasNeverHeard() {
        start("app.example:443");
        becomes(State.UP);
        world.silent = true;
        passes(Duration.ofSeconds(31));
        becomes(State.UNKNOWN);
        assertThat(watch.now().reason()).startsWith("nothing is heard from beyond the gateway's own networks");
    }

    @Test
    void aServerThatIsSilentAndANameThatIsUnknownAreTwoSigns() {
        start("app.example:443");
        becomes(State.UP);
        world.silent = true;
        world.nameless = true;
        passes(Duration.ofSeconds(60));
        becomes(State.DOWN);
        assertThat(watch.now().since()).isBetween(Instant.parse("2030-01-01T00:00:30Z"), time.now());
        world.silent = false;
        world.nameless = false;
        passes(Duration.ofSeconds(6));
        becomes(State.UP);
    }

    @Test
    void aServerAndTheMachinesBeyondAreTwoSigns() {
        start("198.51.100.1:443");
        answersOverTheInternet("rover-8", "rover-9");
        world.silent = true;
        passes(Duration.ofSeconds(30));
        assertThat(watch.now().state()).isEqualTo(State.UP);
        passes(Duration.ofSeconds(40));
        becomes(State.DOWN);
    }

    @Test
    void machinesThatAnswerOverTheInternetShowThatItIsThereThoughTheServerIsSilent() {
        start("198.51.100.1:443");
        world.silent = true;
        for (int i = 0; i < 6; i++) {
            answersOverTheInternet("rover-9");
            passes(Duration.ofSeconds(10));
        }
        becomes(State.UP);
        assertThat(watch.now().reason()).isEqualTo("machines answer over the internet");
    }

    @Test
    void aHostWithoutANetworkHasNone() {
        start("app.example:443");
        becomes(State.UP);
        world.networks = List.of(new Networks.Interface("lo", 1, true, false, false, List.of()));
        passes(Duration.ofSeconds(6));
        becomes(State.DOWN);
        assertThat(watch.now().reason()).isEqualTo("this host is on no network");
    }

    @Test
    void nobodyIsAskedWhereNoMachineNeedsIt() {
        start("", "");
        becomes(State.NOT_APPLICABLE);
        assertThat(world.connected).hasValue(0);
    }

    @Test
    void aServerOnTheOwnNetworkSaysNothingOfTheInternet() {
        start("127.0.0.1:9000");
        becomes(State.NOT_APPLICABLE);
        assertThat(world.connected).hasValue(0);
    }

    @Test
    void whileAllIsWellAServerIsLookedAtTwiceAMinute() {
        start("app.example:443", "app.example:443");
        passes(Duration.ofMinutes(5));
        assertThat(world.connected.get()).isBetween(10, 11);
    }

    @Test
    void ofManyServersAFewAreLookedAt() {
        start("a.example:1", "b.example:1", "c.example:1", "d.example:1", "e.example:1", "f.example:1");
        becomes(State.UP);
        assertThat(world.connected).hasValue(4);
    }

    @Test
    void whatDidNotChangeIsNotTold() {
        start("app.example:443");
        becomes(State.UP);
        passes(Duration.ofSeconds(5));
        int before = told.size();
        passes(Duration.ofMinutes(3));
        assertThat(told).hasSize(before);
    }

    @Test
    void aDefectInOneLookIsNotTheEndOfLooking() {
        start("app.example:443");
        world.broken = true;
        var _ = catchThrowable(() -> passes(Duration.ofSeconds(31)));
        world.broken = false;
        world.silent = true;
        passes(Duration.ofSeconds(60));
        becomes(State.UNKNOWN);
        world.silent = false;
        passes(Duration.ofSeconds(6));
        becomes(State.UP);
    }

    @Test
    void whoListensIsToldTheNewestAndNeverByTheTimer() {
        start("app.example:443");
        becomes(State.UP);
        told.clear();
        late = true;
        world.networks = List.of(new Networks.Interface("lo", 1, true, false, false, List.of()));
        passes(Duration.ofSeconds(6));
        becomes(State.DOWN);
        assertThat(told).isEmpty();
        world.networks = World.ONE;
        passes(Duration.ofSeconds(6));
        becomes(State.UP);
        late = false;
        owed.forEach(Runnable::run);
        assertThat(told).extracting(Uplink::state).containsExactly(State.UP);
    }

    @Test
    void aListenerThatFailsKeepsNoOtherFromBeingTold() {
        watch.listen(news -> {
            if (news.state() == State.UP) {
                throw new IllegalStateException("a defect");
            }
        });
        start("app.example:443");
        assertThat(told).extracting(Uplink::state).endsWith(State.UP);
    }

    @Test
    void whatWasSeenTooLongAgoSaysNothing() {
        start("app.example:443");
        becomes(State.UP);
        late = true;
        passes(Duration.ofSeconds(44));
        becomes(State.UP);
        passes(Duration.ofSeconds(6));
        becomes(State.UNKNOWN);
        late = false;
        owed.forEach(Runnable::run);
        becomes(State.UP);
        assertThat(watch.now().since()).isEqualTo(time.now());
    }

    @Test
    void aCutIsSaidWithinAMinuteThoughLookupsHang() {
        start("app.example:443");
        becomes(State.UP);
        world.silent = true;
        world.hangs = true;
        passes(Duration.ofSeconds(45));
        becomes(State.DOWN);
        assertThat(time.now()).isBefore(Instant.parse("2030-01-01T00:01:00Z"));
    }

    @Test
    void whileALookupHangsAServerIsLookedForWhereItWas() {
        start("app.example:443");
        world.hangs = true;
        passes(Duration.ofMinutes(3));
        becomes(State.UP);
    }

    @Test
    void itIsNotDownSinceATimeWhenItWasUp() {
        start("app.example:443");
        world.nameless = true;
        passes(Duration.ofHours(5));
        becomes(State.UP);
        Instant cut = time.now();
        world.silent = true;
        passes(Duration.ofSeconds(60));
        becomes(State.DOWN);
        assertThat(watch.now().since()).isBetween(cut, time.now());
    }

    @Test
    void noMachinesThatAreOffTakeItBackEither() {
        start("198.51.100.1:443");
        answersOverTheInternet("rover-8", "rover-9");
        passes(Duration.ofMinutes(9));
        becomes(State.UP);
        Instant cut = time.now();
        world.silent = true;
        passes(Duration.ofSeconds(45));
        becomes(State.DOWN);
        assertThat(watch.now().since()).isBetween(cut, time.now());
    }

    @Test
    void itIsNotUpSinceATimeWhenThereWasNoNetwork() {
        start("app.example:443");
        passes(Duration.ofSeconds(1));
        world.networks = List.of(new Networks.Interface("lo", 1, true, false, false, List.of()));
        passes(Duration.ofSeconds(6));
        becomes(State.DOWN);
        world.networks = World.ONE;
        passes(Duration.ofSeconds(6));
        becomes(State.UP);
        assertThat(watch.now().since()).isAfter(Instant.parse("2030-01-01T00:00:06Z"));
    }

    @Test
    void oneMachineBeyondMayBeOffByItself() {
        start("198.51.100.1:443");
        answersOverTheInternet("rover-9");
        world.silent = true;
        passes(Duration.ofSeconds(90));
        becomes(State.UNKNOWN);
    }

    @Test
    void machinesBehindARelayMayBeLostWithIt() {
        start("198.51.100.1:443");
        for (String name : List.of("rover-8", "rover-9")) {
            watch.changed(answer(name, "through a relay at 203.0.113.7:50000"));
        }
        world.silent = true;
        passes(Duration.ofSeconds(32));
        becomes(State.UP);
        assertThat(watch.now().reason()).isEqualTo("machines answer over the internet");
        passes(Duration.ofSeconds(60));
        becomes(State.UNKNOWN);
    }

    @Test
    void twoServersAreTwoSignsAndTwoPortsOfOneAreNot() {
        start("198.51.100.1:443", "198.51.100.1:8443");
        world.silent = true;
        passes(Duration.ofSeconds(60));
        becomes(State.UNKNOWN);
        machines.add(machine("rover-3", "198.51.100.2:443"));
        passes(Duration.ofSeconds(15));
        becomes(State.DOWN);
    }

    @Test
    void howLongAgoAMachineAnsweredIsNotReadFromTheWallClock() {
        start("198.51.100.1:443");
        world.silent = true;
        Connection.Snapshot known = answer("rover-9", "public address");
        watch.changed(known);
        time.sleep(Duration.ofHours(1));
        watch.changed(known);
        passes(Duration.ofSeconds(31));
        becomes(State.UP);
        time.sleep(Duration.ofHours(-2));
        watch.changed(known);
        passes(Duration.ofSeconds(10));
        becomes(State.UNKNOWN);
    }

    /** What is around the gateway. */
    private static final class World implements Probe, Networks {

        private final FakeTime time;
        private final AtomicInteger connected = new AtomicInteger();
        private volatile boolean hangs;
        private volatile boolean broken;
        private volatile boolean silent;
        private volatile boolean refuses;
        private volatile boolean nameless;
        private static final List<Interface> ONE =
                List.of(new Interface("eth0", 2, false, true, false, List.of(Network.parse("10.0.0.2/24"))));

        private volatile List<Interface> networks = ONE;

        private World(FakeTime time) {
            this.time = time;
        }

        @Override
        public List<InetAddress> lookUp(String host, Duration within) throws UnknownHostException {
            if (broken) {
                throw new IllegalStateException("a defect");
            }
            if (hangs) {
                time.standStill(within);
                throw new UnknownHostException(host);
            }
            if (Character.isDigit(host.charAt(0))) {
                return List.of(InetAddress.ofLiteral(host));
            }
            if (nameless) {
                throw new UnknownHostException(host);
            }
            return List.of(InetAddress.ofLiteral("198.51.100.9"));
        }

        @Override
        public Answer connect(InetAddress host, Address server, Duration within) {
            connected.incrementAndGet();
            return silent
                    ? new Answer.Silent(server + " does not answer within 5 s")
                    : new Answer.There(
                            refuses
                                    ? server + " refuses connections, so packets go there and back"
                                    : server + " can be connected to");
        }

        @Override
        public List<Network> onLink() {
            return List.of();
        }

        @Override
        public List<Interface> interfaces() {
            if (broken) {
                throw new IllegalStateException("a defect");
            }
            return networks;
        }
    }

    private final class TheFleet implements Fleet {

        @Override
        public Collection<Machine> machines() {
            return machines;
        }

        @Override
        public Optional<Machine> machine(String name) {
            return Optional.empty();
        }

        @Override
        public void listen(Fleet.Listener listener) {}

        @Override
        public void reload() {}
    }

    private static final class NoConnections implements Connections {

        @Override
        public Optional<Connection> connection(String machine) {
            return Optional.empty();
        }

        @Override
        public Collection<Connection> all() {
            return List.of();
        }

        @Override
        public void listen(Connections.Listener listener) {}

        @Override
        public void pinWhile(Predicate<String> held) {}
    }
}
