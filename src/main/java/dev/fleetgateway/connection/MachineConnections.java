package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Candidates;
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
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Keeps one connection for every machine of the fleet, from the start of the gateway to its end. */
@Component
final class MachineConnections implements Connections, SmartLifecycle {

    private static final Duration POLL_LEAST = Duration.ofSeconds(4);
    private static final Duration POLL_MOST = Duration.ofSeconds(10);

    private static final Duration LEAVING = Duration.ofSeconds(1);

    /** The rate at which the whole fleet is polled while it is small enough for the least interval. */
    private static final int POLLS_A_SECOND = 500;

    private final Fleet fleet;
    private final Time time;
    private final Backoff backoff =
            new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    private final MachineConnection.SearchFactory searches;
    private final Map<String, MachineConnection> connections = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    MachineConnections(Fleet fleet, List<Dialer> dialers, Candidates candidates, RouteSettings settings, Time time) {
        this.fleet = fleet;
        this.time = time;
        Search.Means means = new Search.Means(
                new Dialers(dialers), candidates, Thread::startVirtualThread, settings.headStart(), time);
        this.searches = (machine, context, listener) -> new Search(machine, means, context, listener);
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

    private void add(Machine machine) {
        if (!running) {
            return;
        }
        MachineConnection connection = new MachineConnection(machine, searches, time, backoff, this::pace, this::tell);
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
    private void tell(MachineConnection from, Connection.Snapshot snapshot) {
        synchronized (from) {
            if (connections.get(snapshot.machine().name()) == from) {
                listeners.forEach(listener -> listener.changed(snapshot));
            }
        }
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
