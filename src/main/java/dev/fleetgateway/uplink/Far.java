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
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The machines that are reached over the internet, or were lately. That one of them answers shows that it is there. That none does
 * says something only where they are several: one may be off by itself, and those behind a relay are lost with it, which
 * may be the fault of the very cloud whose server is silent too. As bounded as the fleet is.
 */
final class Far {

    /** Three polls of a machine that has one way. */
    private static final Duration SILENT = Duration.ofSeconds(35);

    /** A machine that was lost longer ago says nothing of now. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    /** So many are hardly off by themselves at one time. */
    private static final int SEVERAL = 2;

    private final Time time;
    private final ConcurrentMap<String, Answer> answered = new ConcurrentHashMap<>();

    private volatile Signal before;

    /**
     * The last answer of a machine, and the way it came.
     *
     * @param report tells it from others, not how old it is: wall clocks are set
     * @param at a reading of {@link Time#nanos()}
     */
    private record Answer(Instant report, long at, Route route) {

        boolean isFar() {
            return route.kind() == Route.Kind.INTERNET;
        }
    }

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
        if (route != null && report != null && known.missedPolls() == 0) {
            answered.compute(
                    name,
                    (_, last) -> last != null && last.report.equals(report.observedAt())
                            ? last
                            : new Answer(report.observedAt(), time.nanos(), route));
        }
    }

    void removed(String machine) {
        answered.remove(machine);
    }

    /** What they say now. Called by one thread at a time. */
    Signal signal() {
        List<Answer> far = answered.values().stream()
                .filter(answer -> answer.isFar() && time.since(answer.at).compareTo(FORGOTTEN) <= 0)
                .toList();
        boolean heard = far.stream().anyMatch(answer -> time.since(answer.at).compareTo(SILENT) <= 0);
        long ofTheirOwn = far.stream().filter(answer -> !answer.route.relayed()).count();
        Says says = heard ? Says.UP : ofTheirOwn >= SEVERAL ? Says.DOWN : Says.NOTHING;
        String detail = switch (says) {
            case NOTHING ->
                far.isEmpty()
                        ? "no machine is reached over the internet"
                        : "of the machines that were reached over the internet, none answers, but too few were reached without a relay";
            case UP -> "machines answer over the internet";
            case DOWN -> "of the machines that were reached over the internet, none answers";
        };
        Instant now = time.now();
        before = new Signal(
                before.source(), before.about(), says, says == before.says() ? before.since() : now, now, detail);
        return before;
    }
}
