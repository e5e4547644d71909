package dev.fleetgateway.status;

import dev.fleetgateway.cloudlink.Sync;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.time.Time;
import dev.fleetgateway.uplink.Uplink;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The fleet and its feed in numbers. The number of meters does not grow with the fleet. */
final class StatusMeters implements MeterBinder, Connections.Listener {

    private static final List<String> CONNECTION_STATES =
            List.of("IDLE", "CONNECTING", "READY", "TRANSIENT_FAILURE", "SHUTDOWN");

    private final Counts counts;
    private final Map<String, Longest> longest;
    private final Feed feed;
    private final Supplier<Uplink> uplink;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private volatile @Nullable MeterRegistry registry;

    /** What was last seen of a machine; one for each machine of the fleet. */
    private record Seen(Instant observedAt, Route.Kind kind) {}

    StatusMeters(Pictures pictures, Supplier<Uplink> uplink, Time time) {
        this.counts = new Counts(pictures);
        this.longest = Map.of(
                "UNREACHABLE", new Longest(pictures, Counts::unreachable, time),
                "PAUSED", new Longest(pictures, machine -> machine.sync().state() == Sync.State.PAUSED, time),
                "UNPREFERRED", new Longest(pictures, Counts::unpreferred, time));
        this.feed = pictures.feed();
        this.uplink = uplink;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        registry = meters;
        CONNECTION_STATES.forEach(state -> gauge("gateway.machines", Counts::connection, state)
                .description("Machines by the state of their connection")
                .register(meters));
        for (Sync.State state : Sync.State.values()) {
            gauge("gateway.machines.sync", Counts::sync, state.name())
                    .description("Machines by the state of their data sync")
                    .register(meters);
        }
        for (Uplink.State state : Uplink.State.values()) {
            Gauge.builder("gateway.uplink", uplink, now -> now.get().state() == state ? 1 : 0)
                    .tag("state", state.name())
                    .description("The gateway's own way to the internet: 1 for the state it is in")
                    .register(meters);
        }
        for (Route.Kind kind : Route.Kind.values()) {
            for (Route.Via via : Route.Via.values()) {
                for (Route.Transport transport : Route.Transport.values()) {
                    String value = kind + " " + via + " " + transport;
                    Gauge.builder("gateway.route.connections", counts, c -> c.of(Counts::route, value))
                            .tags("kind", kind.name(), "via", via.name(), "transport", transport.name())
                            .description("Connections by the route that carries them")
                            .register(meters);
                }
            }
        }
        Gauge.builder("gateway.route.unpreferred", counts, Counts::unpreferred)
                .description("Machines carried over the internet though their route policy is PREFER_LAN")
                .register(meters);
        longest.forEach((state, one) -> Gauge.builder("gateway.machines.longest", one, Longest::seconds)
                .tag("state", state)
                .baseUnit("seconds")
                .description(
                        "For how long the machine has been without a connection, paused or on the internet though the LAN is"
                                + " preferred that has been so for longest")
                .register(meters));
        Gauge.builder("gateway.feed.subscribers", feed, Feed::readers)
                .description("Readers of the feed")
                .register(meters);
        FunctionCounter.builder("gateway.feed.dropped", feed, Feed::dropped)
                .description("Readers that were too slow, or away for too long")
                .register(meters);
    }

    @Override
    public void changed(Connection.Snapshot snapshot) {
        MeterRegistry meters = registry;
        MachineReport report = snapshot.report();
        Route route = snapshot.route();
        if (meters == null || report == null || route == null) {
            return;
        }
        Seen before = seen.put(snapshot.machine().name(), new Seen(report.observedAt(), route.kind()));
        if (before == null || !report.observedAt().equals(before.observedAt)) {
            Timer.builder("gateway.route.rtt")
                    .description("How long a poll of a machine takes, there and back")
                    .tag("kind", route.kind().name())
                    .register(meters)
                    .record(report.rtt());
        }
        if (before != null && before.kind != route.kind()) {
            meters.counter(
                            "gateway.route.changes",
                            "from",
                            before.kind.name(),
                            "to",
                            route.kind().name())
                    .increment();
        }
    }

    @Override
    public void moved(String machine, Route from, Route to, Duration without) {
        MeterRegistry meters = registry;
        if (meters != null && without.isPositive()) {
            Timer.builder("gateway.route.recovery")
                    .description(
                            "How long no route carried, from when the machine was last heard of or the connection closed")
                    .tags("from", from.kind().name(), "to", to.kind().name())
                    .register(meters)
                    .record(without);
        }
    }

    @Override
    public void removed(String machine) {
        seen.remove(machine);
    }

    private Gauge.Builder<Counts> gauge(String name, Function<MachinePicture, String> property, String state) {
        return Gauge.builder(name, counts, c -> c.of(property, state)).tag("state", state);
    }
}
