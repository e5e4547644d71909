package dev.fleetgateway.status;

import dev.fleetgateway.cloudlink.Sync;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.ConnectionState;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.time.Time;
import io.grpc.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Connections that do what a test says, and remember what they were told. */
public final class FakeFleet implements Connections {

    /** What was asked of connections, such as {@code connect r1: why}. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    /** Sync that nobody judges. */
    static final Sync NOT_JUDGED = new Sync(
            Sync.State.UNKNOWN,
            Instant.parse("2030-01-01T00:00:00Z"),
            "not judged here",
            Sync.Confidence.LOW,
            List.of());

    private final Time time;
    private final Map<String, Fake> machines = new ConcurrentSkipListMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** No machines yet. */
    public FakeFleet(Time time) {
        this.time = time;
    }

    /** A machine that has not been reached yet. */
    public void add(String name, Map<String, String> labels) {
        add(name, labels, RoutePolicy.PREFER_LAN);
    }

    /** The same, under another route policy. */
    void add(String name, Map<String, String> labels, RoutePolicy policy) {
        Machine machine = new Machine(
                name,
                new Address(name + ".example", 8080),
                List.of(),
                labels,
                policy,
                null,
                new Tls(Tls.Mode.PLAINTEXT, name, null),
                Duration.ofSeconds(20),
                SessionManagement.AUTO,
                null);
        Fake fake = new Fake(machine, new ConnectionState.Connecting(time.now(), "dialing", 0));
        machines.put(name, fake);
        tell(fake);
    }

    /** The machine answers a poll, and has these resources. */
    public void answers(String name, List<MachineReport.Resource> resources, @Nullable Channel channel) {
        Fake fake = machine(name);
        Instant now = time.now();
        if (!fake.state.ready()) {
            fake.state = new ConnectionState.Ready(now, "it answers");
            fake.route = new Route(
                    Route.Kind.LAN, Route.Via.ADDRESS, Route.Transport.GRPC, "127.0.0.1:8080", now, "on-link");
        }
        fake.channel = channel;
        fake.missedPolls.set(0);
        fake.report = new MachineReport(
                now,
                Duration.ofNanos(840_000),
                MachineReport.Lifecycle.RUNNING,
                "",
                resources,
                now,
                fake.configuration,
                "",
                new MachineReport.Software("rdk", "0.99.0", "0.1.574"));
        tell(fake);
    }

    /** The machine answers a poll. */
    public void answers(String name) {
        answers(name, List.of(), null);
    }

    /** What the machine says of its configuration, from its next answer on. */
    void configures(String name, MachineReport.Configuration configuration) {
        machine(name).configuration = configuration;
    }

    /** The machine, which answers, is carried over the internet now. */
    void leavesTheLan(String name) {
        Fake fake = machine(name);
        fake.route = new Route(
                Route.Kind.INTERNET,
                Route.Via.SIGNALING,
                Route.Transport.WEBRTC,
                "192.0.2.7:41234",
                time.now(),
                "public address");
        tell(fake);
    }

    /** A poll goes unanswered. */
    public void missesPoll(String name) {
        Fake fake = machine(name);
        fake.missedPolls.incrementAndGet();
        tell(fake);
    }

    /** The connection breaks. */
    public void loses(String name, String reason) {
        Fake fake = machine(name);
        fake.state = new ConnectionState.TransientFailure(
                time.now(), reason, FailureKind.CLOSED, 0, time.now().plusSeconds(1));
        fake.route = null;
        fake.channel = null;
        tell(fake);
    }

    /** The machine leaves the fleet. */
    public void remove(String name) {
        machines.remove(name);
        listeners.forEach(listener -> listener.removed(name));
    }

    @Override
    public Optional<Connection> connection(String machine) {
        return Optional.ofNullable(machines.get(machine));
    }

    @Override
    public Collection<Connection> all() {
        return List.copyOf(machines.values());
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
        machines.values().forEach(fake -> listener.changed(fake.snapshot()));
    }

    @Override
    public void pinWhile(Predicate<String> held) {
        // Nothing here moves.
    }

    private Fake machine(String name) {
        Fake fake = machines.get(name);
        if (fake == null) {
            throw new IllegalArgumentException("the test has no machine " + name);
        }
        return fake;
    }

    private void tell(Fake fake) {
        listeners.forEach(listener -> listener.changed(fake.snapshot()));
    }

    private final class Fake implements Connection {

        private final Machine machine;
        private volatile ConnectionState state;
        private volatile @Nullable Route route;
        private volatile @Nullable MachineReport report;
        private volatile MachineReport.@Nullable Configuration configuration;
        private volatile @Nullable Channel channel;
        private final AtomicInteger missedPolls = new AtomicInteger();

        Fake(Machine machine, ConnectionState state) {
            this.machine = machine;
            this.state = state;
        }

        @Override
        public Machine machine() {
            return machine;
        }

        @Override
        public Snapshot snapshot() {
            return new Snapshot(
                    machine,
                    state,
                    route,
                    List.of(new Candidate(
                            Route.Kind.LAN,
                            Route.Via.ADDRESS,
                            Route.Transport.GRPC,
                            machine.address().toString(),
                            state.ready() ? Candidate.State.IN_USE : Candidate.State.FAILED,
                            state.ready() ? "" : state.reason(),
                            time.now())),
                    report,
                    missedPolls.get());
        }

        @Override
        public CompletableFuture<Aside> dialAside(Duration within) {
            return CompletableFuture.failedFuture(new IllegalStateException("there is no other way"));
        }

        @Override
        public Optional<Link> linkForStop() {
            return link();
        }

        @Override
        public Optional<Link> link() {
            Channel open = channel;
            Route over = route;
            return open == null || over == null ? Optional.empty() : Optional.of(new FakeLink(open, over));
        }

        @Override
        public void doubt(Link doubted, String reason) {
            asked.add("doubt " + machine.name() + ": " + reason);
        }

        @Override
        public void connect(String reason) {
            asked.add("connect " + machine.name() + ": " + reason);
        }

        @Override
        public void disconnect(String reason) {
            asked.add("disconnect " + machine.name() + ": " + reason);
            state = new ConnectionState.Idle(time.now(), reason);
            route = null;
            tell(this);
        }
    }

    private record FakeLink(Channel channel, Route route) implements Link {
        @Override
        public boolean usable() {
            return true;
        }
    }
}
