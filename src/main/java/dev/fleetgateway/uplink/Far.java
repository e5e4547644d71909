package dev.fleetgateway.uplink;

import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.time.Time;
import dev.fleetgateway.uplink.Uplink.Says;
import dev.fleetgateway.uplink.Uplink.Signal;
import dev.fleetgateway.uplink.Uplink.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The machines that are reached over the internet, or were lately. One of them may be off by itself, all of them together hardly.
 * As bounded as the fleet is.
 */
final class Far {

    /** Three polls of a machine that has one way. */
    private static final Duration SILENT = Duration.ofSeconds(35);

    /** A machine that was lost longer ago says nothing of now. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final Time time;

    /** When each last answered over the internet: a reading of {@link Time#nanos()}. */
    private final ConcurrentMap<String, Long> answered = new ConcurrentHashMap<>();

    private volatile Signal before;

    Far(Time time) {
        this.time = time;
        Instant now = time.now();
        this.before = new Signal(
                Source.MACHINES,
                "reached over the internet",
                Says.NOTHING,
                now,
                now,
                "no machine is reached over the internet");
    }

    void changed(Connection.Snapshot known) {
        String name = known.machine().name();
        Route route = known.route();
        MachineReport report = known.report();
        if (route == null || report == null) {
            return;
        }
        if (route.kind() != Route.Kind.INTERNET) {
            answered.remove(name);
        } else if (known.missedPolls() == 0) {
            Duration ago = Duration.between(report.observedAt(), time.now());
            answered.put(name, time.nanos() - Math.max(0, ago.toNanos()));
        }
    }

    void removed(String machine) {
        answered.remove(machine);
    }

    /** What they say now. Called by one thread at a time. */
    Signal signal() {
        answered.values().removeIf(at -> time.since(at).compareTo(FORGOTTEN) > 0);
        int all = answered.size();
        long heard = answered.values().stream()
                .filter(at -> time.since(at).compareTo(SILENT) <= 0)
                .count();
        Says says = all == 0 ? Says.NOTHING : heard > 0 ? Says.UP : Says.DOWN;
        String detail = switch (says) {
            case NOTHING -> "no machine is reached over the internet";
            case UP -> "machines answer over the internet";
            case DOWN -> "of the machines that were reached over the internet, none answers";
        };
        Instant now = time.now();
        before = new Signal(
                before.source(), before.about(), says, says == before.says() ? before.since() : now, now, detail);
        return before;
    }
}
