package dev.fleetgateway.status;

import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.motion.Errands;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.Wanderers;
import dev.fleetgateway.time.Moment;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether anything moves, after a poll was answered: each time while somebody watches or something was seen moving,
 * else now and then. It asks actuators {@code IsMoving}, and services that may drive by themselves what they are on; one look
 * per machine at a time.
 */
final class MotionWatch implements Connections.Listener {

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration NOW_AND_THEN = Duration.ofSeconds(15);

    // Something else may be in a service's place without a sign of it, such as on a machine behind its machine.
    private static final Duration AT_ITS_WORD = Duration.ofMinutes(1);

    // A machine that is driven gets twenty commands a second, and is looked at twice.
    private static final Duration AFTER_COMMAND = Duration.ofMillis(500);

    private final Time time;
    private final Connections connections;
    private final BooleanSupplier watched;
    private final Findings findings;
    private final ConcurrentMap<String, Eye> eyes = new ConcurrentHashMap<>();

    /**
     * Looks at nothing until it is told of machines.
     *
     * @param watched whether anybody would see a change at once
     * @param findings told of every look
     */
    MotionWatch(Time time, Connections connections, BooleanSupplier watched, Findings findings) {
        this.time = time;
        this.connections = connections;
        this.watched = watched;
        this.findings = findings;
    }

    @Override
    public void changed(Connection.Snapshot snapshot) {
        String name = snapshot.machine().name();
        Eye eye = eyes.computeIfAbsent(name, _ -> new Eye());
        MachineReport report = snapshot.report();
        if (!snapshot.state().ready() || report == null) {
            eye.forget();
            return;
        }
        eye.sees(report.configuration());
        if (eye.due(report.observedAt())) {
            begin(name, eye, report);
        }
    }

    @Override
    public void removed(String machine) {
        eyes.remove(machine);
    }

    /**
     * Looks at a machine now, whatever was seen of it before. A look under way may have asked before what just happened, so
     * another follows it.
     */
    void look(String machine) {
        Eye eye = eyes.get(machine);
        Connection.Snapshot known =
                connections.connection(machine).map(Connection::snapshot).orElse(null);
        if (eye == null
                || known == null
                || known.report() == null
                || !known.state().ready()) {
            return;
        }
        eye.again.set(true);
        begin(machine, eye, known.report());
    }

    /** A command was sent that may move something: what was seen before is out of date soon. */
    void moved(String machine) {
        Eye eye = eyes.get(machine);
        if (eye != null && eye.soon.compareAndSet(false, true)) {
            time.after(AFTER_COMMAND, () -> {
                eye.soon.set(false);
                look(machine);
            });
        }
    }

    private void begin(String machine, Eye eye, MachineReport report) {
        connections
                .connection(machine)
                .flatMap(Connection::link)
                .filter(Link::usable)
                .ifPresent(link -> eye.look(machine, link, report));
    }

    /** Hears what a look found. */
    interface Findings {

        /** What its actuators do. */
        void found(String machine, Motion motion);

        /**
         * What its services said of their errands.
         *
         * @return whether any goes on, as far as is known
         */
        boolean heard(String machine, Away.Heard news);
    }

    /** What tells one build of a machine's resources from another. No connection is dropped between them. */
    private record Built(String revision, @Nullable Instant builtAt) {}

    /** What is remembered of the looks at one machine. */
    private final class Eye {

        private final AtomicBoolean looking = new AtomicBoolean();
        private final AtomicBoolean again = new AtomicBoolean();
        private final AtomicBoolean soon = new AtomicBoolean();
        private volatile @Nullable Instant lookedAfter;
        private volatile long lookedAt;
        private volatile boolean moving;
        private volatile boolean away;

        private volatile @Nullable Built built;

        /**
         * Services that know no errands, and when they said so: on this connection, by this build of the machine. Another has its
         * own map, which no answer to an earlier question goes into.
         */
        private volatile Map<Resource, Long> never = new ConcurrentHashMap<>();

        void sees(MachineReport.@Nullable Configuration configuration) {
            Built before = built;
            Built now = configuration == null ? null : new Built(configuration.revision(), configuration.builtAt());
            built = now;
            if (before != null && !before.equals(now)) {
                lookedAfter = null;
                never = new ConcurrentHashMap<>();
            }
        }

        boolean due(Instant reportedAt) {
            Instant before = lookedAfter;
            return before == null
                    || (!before.equals(reportedAt)
                            && (moving
                                    || away
                                    || watched.getAsBoolean()
                                    || time.since(lookedAt).compareTo(NOW_AND_THEN) >= 0));
        }

        void forget() {
            lookedAfter = null;
            moving = false;
            away = false;
            never = new ConcurrentHashMap<>();
        }

        void look(String machine, Link link, MachineReport report) {
            if (!looking.compareAndSet(false, true)) {
                return;
            }
            again.set(false);
            lookedAfter = report.observedAt();
            lookedAt = time.nanos();
            Instant begun = Shown.at(time.now());
            if (report.resourcesObservedAt() == null) {
                looking.set(false);
                findings.found(machine, Motion.unknown(begun, "the machine has not listed its resources"));
                return;
            }
            AtomicInteger open = new AtomicInteger(2);
            Runnable over = () -> {
                if (open.decrementAndGet() == 0) {
                    looking.set(false);
                    if (again.get()) {
                        MotionWatch.this.look(machine);
                    }
                }
            };
            errands(machine, link, report, over);
            new Look(link.channel(), report.resources(), DEADLINE, begun, motion -> {
                        moving = motion.state() == Motion.State.MOVING;
                        findings.found(machine, motion);
                        over.run();
                    })
                    .begin();
        }

        /** Asks services, all side by side: no machine has more than a few of them. */
        private void errands(String machine, Link link, MachineReport report, Runnable over) {
            Moment begun = Moment.now(time);
            Map<Resource, Long> believed = never;
            believed.values().removeIf(at -> time.since(at).compareTo(AT_ITS_WORD) >= 0);
            // What is still being built may have more of them.
            boolean complete = report.lifecycle() == MachineReport.Lifecycle.RUNNING
                    || report.lifecycle() == MachineReport.Lifecycle.UNKNOWN;
            Map<Resource, CompletableFuture<Errands>> asked = new HashMap<>();
            for (MachineReport.Resource one : report.resources()) {
                Resource service = new Resource(one.api(), one.name());
                if (Wanderers.wander(one.api()) && !asked.containsKey(service)) {
                    asked.put(
                            service,
                            believed.containsKey(service)
                                    ? CompletableFuture.completedFuture(new Errands.Never())
                                    : Wanderers.errands(link.channel(), service, DEADLINE));
                }
            }
            var _ = CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                    .thenRun(() -> {
                        Map<Resource, Errands> said = new HashMap<>();
                        asked.forEach((service, answer) -> said.put(service, answer.join()));
                        said.forEach((service, answer) -> {
                            if (answer instanceof Errands.Never) {
                                believed.putIfAbsent(service, begun.nanos());
                            }
                        });
                        away = findings.heard(machine, new Away.Heard(begun, said, complete));
                        over.run();
                    });
        }
    }
}
