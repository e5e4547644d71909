package dev.fleetgateway.connection;

import dev.fleetgateway.discovery.Discovery;
import dev.fleetgateway.discovery.KnownAddresses;
import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.route.Candidates;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.route.RouteSettings;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Keeps one connection for every machine of the fleet, from the start of the gateway to its end. */
@Component
final class MachineConnections implements Connections, MachineConnection.News, SmartLifecycle {

    private static final Duration POLL_LEAST = Duration.ofSeconds(4);
    private static final Duration POLL_MOST = Duration.ofSeconds(10);

    /** Over which a whole fleet looks again when the networks have changed: 1 ms a machine up to this. */
    private static final Duration MOST_SPREAD = Duration.ofSeconds(3);

    private static final Duration LEAVING = Duration.ofSeconds(1);

    /** The rate at which the whole fleet is polled while it is small enough for the least interval. */
    private static final int POLLS_A_SECOND = 500;

    private final Fleet fleet;
    private final Time time;
    private final Discovery discovery;
    private final Networks networks;
    private final MachineConnection.Means means;
    private final Map<String, MachineConnection> connections = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    private volatile Predicate<String> held = _ -> false;

    MachineConnections(
            Fleet fleet,
            List<Dialer> dialers,
            Candidates candidates,
            RouteKinds kinds,
            Discovery discovery,
            Networks networks,
            KnownAddresses known,
            RouteSettings settings,
            Time time) {
        this.fleet = fleet;
        this.time = time;
        this.discovery = discovery;
        this.networks = networks;
        Search.Means searching = new Search.Means(
                new Dialers(dialers), candidates, Thread::startVirtualThread, settings.headStart(), time);
        this.means = new MachineConnection.Means(
                (machine, choice, context, listener) -> new Search(machine, searching, choice, context, listener),
                time,
                new Backoff(() -> ThreadLocalRandom.current().nextDouble()),
                this::pace,
                settings.hysteresis(),
                kinds::judge,
                known,
                this);
    }

    @Override
    public Optional<Connection> connection(String machine) {
        return Optional.ofNullable(connections.get(machine));
    }

    @Override
    public Collection<Connection> all() {
        return List.copyOf(connections.values());
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
        connections.values().forEach(connection -> listener.changed(connection.snapshot()));
    }

    @Override
    public void start() {
        running = true;
        discovery.listen(this::seen);
        networks.listen(this::networksChanged);
        fleet.listen(new Fleet.Listener() {
            @Override
            public void added(Machine machine) {
                add(machine);
            }

            @Override
            public void removed(Machine machine) {
                remove(machine);
            }
        });
    }

    /** Something new about a name was seen on a network: whoever it may concern looks again. */
    private void seen(String name) {
        for (MachineConnection connection : connections.values()) {
            if (discovery.of(connection.machine().tls().serverName()).stream()
                    .anyMatch(sighting -> sighting.name().equals(name))) {
                connection.worthAnotherLook(Duration.ZERO);
            }
        }
    }

    /** An interface came, went, or has other addresses: every machine may be reached otherwise now, though not all in one instant. */
    private void networksChanged() {
        long spread = Math.clamp(connections.size(), 1, MOST_SPREAD.toMillis());
        for (MachineConnection connection : connections.values()) {
            connection.worthAnotherLook(
                    Duration.ofMillis(ThreadLocalRandom.current().nextLong(spread)));
        }
    }

    private void add(Machine machine) {
        if (!running) {
            return;
        }
        MachineConnection connection = new MachineConnection(machine, means);
        connections.put(machine.name(), connection);
        // A big fleet is dialed over some seconds, a small one at once.
        long spread = Math.min(10_000, fleet.machines().size() * 5L);
        connection.start(
                Duration.ofMillis(spread < 500 ? 0 : ThreadLocalRandom.current().nextLong(spread)));
    }

    private void remove(Machine machine) {
        MachineConnection connection = connections.get(machine.name());
        if (connection != null) {
            synchronized (connection) {
                connections.remove(machine.name(), connection);
                listeners.forEach(listener -> listener.removed(machine.name()));
            }
            // Whoever was told may have something to stop there first.
            var _ = time.after(LEAVING, () -> connection.close("the machine left the fleet"));
        }
    }

    /** News of a connection that was replaced or removed would bring back what is gone: only the one there now is heard. */
    @Override
    public void changed(MachineConnection from, Connection.Snapshot snapshot) {
        synchronized (from) {
            if (connections.get(snapshot.machine().name()) == from) {
                listeners.forEach(listener -> listener.changed(snapshot));
            }
        }
    }

    @Override
    public boolean pinned(Machine machine) {
        return held.test(machine.name());
    }

    @Override
    public void moved(Machine machine, Route from, Route to, Duration without) {
        listeners.forEach(listener -> listener.moved(machine.name(), from, to, without));
    }

    @Override
    public void pinWhile(Predicate<String> predicate) {
        held = predicate;
    }

    /** From 4 s for a small fleet to 10 s for a big one, spread so that polls do not come in bursts. */
    private Duration pace() {
        long wanted = connections.size() * 1000L / POLLS_A_SECOND;
        long interval = Math.clamp(wanted, POLL_LEAST.toMillis(), POLL_MOST.toMillis());
        return Duration.ofMillis(
                (long) (interval * (0.9 + 0.2 * ThreadLocalRandom.current().nextDouble())));
    }

    @Override
    public void stop() {
        running = false;
        connections.values().forEach(connection -> connection.close("the gateway stops"));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before the web server and stops after it: a stop that comes while the gateway drains still finds its machine. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 4096;
    }
}
