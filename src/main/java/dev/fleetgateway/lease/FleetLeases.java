package dev.fleetgateway.lease;

import dev.fleetgateway.access.Audit;
import dev.fleetgateway.access.Visit;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.session.SessionSettings;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Leads whoever asks to the desk of the machine he means: names of one machine lead to one desk. */
@Component
final class FleetLeases implements Leases, Connections.Listener, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(FleetLeases.class);

    /** How long the end of the gateway waits for what it stops. */
    private static final Duration LAST_STOPS = Duration.ofSeconds(4);

    private final Connections connections;
    private final Means means;
    private final Pulse pulse;
    private final Map<String, Desk> byIdentity = new ConcurrentHashMap<>();
    private final Map<String, Desk> byName = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean draining;
    private volatile boolean running;

    FleetLeases(
            Connections connections,
            Time time,
            LeaseSettings leases,
            SessionSettings sessions,
            Audit audit,
            LeaseMeters meters) {
        this.connections = connections;
        this.means = new Means(
                time,
                leases,
                sessions,
                meters,
                audit,
                new EndedLeases(),
                new Listener() {
                    @Override
                    public void changed(String machine) {
                        listeners.forEach(each -> each.changed(machine));
                    }

                    @Override
                    public void moved(String machine) {
                        listeners.forEach(each -> each.moved(machine));
                    }

                    @Override
                    public void stopped(StopReport report, Visit by, String reason) {
                        listeners.forEach(each -> each.stopped(report, by, reason));
                    }
                },
                () -> draining);
        this.pulse = new Pulse(time, this::patience, this::stoodStill);
        connections.listen(this);
        connections.pinWhile(this::isHeld);
        meters.count(this::held);
        listen(meters);
    }

    @Override
    public void changed(Connection.Snapshot snapshot) {
        String name = snapshot.machine().name();
        Connection connection = connections.connection(name).orElse(null);
        Link link = connection == null ? null : connection.link().orElse(null);
        if (connection == null || link == null) {
            Desk desk = byName.get(name);
            if (desk != null) {
                desk.guard.disconnected(name);
            }
            return;
        }
        Desk before = byName.get(name);
        Desk desk = byIdentity.compute(link.identity(), (identity, known) -> {
            Desk there = known != null ? known : rekeyed(before, name, identity);
            there.reach.add(name, connection);
            return there;
        });
        byName.put(name, desk);
        if (before != null && before != desk) {
            if (before.reach.name().equals(name)) {
                // The name leads to another machine now: whoever held the one before has lost the way to it.
                var _ = before.endWhatever(null, EndReason.REMOVED, Visit.GATEWAY);
            }
            leave(before, name);
        }
        desk.guard.connected(name, connection, link);
        if (before != desk) {
            desk.changed();
        }
    }

    /** A machine without a part id is known by its address: reached at another of its addresses it is the same all the same. */
    private Desk rekeyed(@Nullable Desk before, String name, String identity) {
        if (before != null
                && before.reach.names().equals(List.of(name))
                && Reach.isAddress(identity)
                && before.reach.isByAddress()) {
            before.reach.identify(identity);
            return before;
        }
        return new Desk(identity, means);
    }

    /** Whether a lease pins the connection to a machine. */
    private boolean isHeld(String machine) {
        Desk desk = byName.get(machine);
        return desk != null && desk.decide(_ -> desk.holding.isHeld());
    }

    @Override
    public void removed(String machine) {
        Desk desk = byName.remove(machine);
        if (desk != null) {
            if (desk.reach.names().size() <= 1) {
                var _ = desk.endWhatever(null, EndReason.REMOVED, Visit.GATEWAY);
            }
            leave(desk, machine);
        }
    }

    private void leave(Desk desk, String name) {
        desk.reach.remove(name);
        // What is owed to a machine is kept for when it comes back under any name.
        byIdentity
                .entrySet()
                .removeIf(each ->
                        each.getValue().isIdle() || !each.getValue().reach.isIdentity(each.getKey()));
    }

    private Desk desk(String machine) {
        Desk desk = byName.get(machine);
        if (desk == null) {
            Connection connection = connections.connection(machine).orElseThrow(() -> Refusals.unknown(machine));
            var state = connection.snapshot().state();
            throw Refusals.unreachable(machine, "it is " + state.word() + ", " + state.reason());
        }
        return desk;
    }

    /** The desk of a current lease: by the machine's name where one is given, which must be that of the lease. */
    private Desk desk(Visit who, @Nullable String machine, String id) {
        Desk desk = means.ended().desk(id, who.caller());
        if (machine != null && byName.get(machine) != desk) {
            throw means.ended().gone("", who.caller());
        }
        return desk;
    }

    private static String name(@Nullable String machine, Desk desk) {
        return machine == null ? desk.reach.name() : machine;
    }

    @Override
    public CompletableFuture<GrantedLease> acquire(
            Visit who, String machine, @Nullable Duration window, String reason, @Nullable Seat seat) {
        return asked(() -> {
            Duration asked = window(window);
            return leased(machine).acquire(who, machine, asked, reason, seat, 0);
        });
    }

    @Override
    public CompletableFuture<Taken> take(
            Visit who, String machine, @Nullable Duration window, String reason, @Nullable Seat seat) {
        return asked(() -> {
            Duration asked = window(window);
            return leased(machine).take(who, machine, asked, reason, seat);
        });
    }

    private Desk leased(String machine) {
        if (draining) {
            throw Refusals.draining(machine);
        }
        if (keepsOwnSessions(machine)) {
            throw new ProblemException(Problem.of(
                            ProblemCode.NOT_AVAILABLE_HERE,
                            "The callers of " + machine
                                    + " keep its sessions themselves (session.management is NONE), so there are no leases.")
                    .on(machine)
                    .outcome(Outcome.NOT_SENT));
        }
        return desk(machine);
    }

    private Duration window(@Nullable Duration asked) {
        LeaseSettings settings = means.leases();
        if (asked == null) {
            return settings.defaultWindow();
        }
        if (asked.compareTo(LeaseSettings.LEAST_WINDOW) < 0 || asked.compareTo(settings.maxWindow()) > 0) {
            throw new ProblemException(Problem.invalid(
                    "windowMillis",
                    "windowMillis is " + asked.toMillis() + ", but must be from "
                            + LeaseSettings.LEAST_WINDOW.toMillis() + " to "
                            + settings.maxWindow().toMillis() + " (gateway.lease.max-window)."));
        }
        return asked;
    }

    @Override
    public GrantedLease renew(Visit who, @Nullable String machine, String id) {
        notAfterStandstill();
        Desk desk = desk(who, machine, id);
        return desk.renew(who, name(machine, desk), id);
    }

    @Override
    public CompletableFuture<GrantedLease> resume(Visit who, @Nullable String machine, String id, @Nullable Seat seat) {
        return asked(() -> {
            Desk desk = desk(who, machine, id);
            return desk.resume(who, name(machine, desk), id, seat);
        });
    }

    @Override
    public CompletableFuture<StopReport> release(Visit who, @Nullable String machine, String id) {
        return asked(() -> {
            Desk desk = desk(who, machine, id);
            return desk.release(who, name(machine, desk), id);
        });
    }

    @Override
    public void leave(String id, Seat seat) {
        means.ended().find(id).ifPresent(desk -> desk.leave(id, seat));
    }

    @Override
    public CompletableFuture<@Nullable StopReport> end(Visit by, String machine, EndReason reason) {
        Desk desk = byName.get(machine);
        return desk == null ? CompletableFuture.completedFuture(null) : desk.endWhatever(null, reason, by);
    }

    @Override
    public CompletableFuture<Passage> admit(Admission asked) {
        return asked(() -> {
            if (draining) {
                throw Refusals.draining(asked.machine());
            }
            if (keepsOwnSessions(asked.machine())) {
                return CompletableFuture.completedFuture(ownSession(asked));
            }
            if (asked.ownSession() != null) {
                throw new ProblemException(Problem.invalid(
                                "Viam-Sid",
                                "Viam-Sid is not taken: the gateway keeps the sessions of this machine itself.")
                        .outcome(Outcome.NOT_SENT));
            }
            Desk desk =
                    asked.lease() == null ? desk(asked.machine()) : desk(asked.who(), asked.machine(), asked.lease());
            return Crossing.admit(desk, means, asked);
        });
    }

    private boolean keepsOwnSessions(String machine) {
        return connections
                        .connection(machine)
                        .orElseThrow(() -> Refusals.unknown(machine))
                        .machine()
                        .sessions()
                == SessionManagement.NONE;
    }

    private Passage ownSession(Admission asked) {
        if (asked.monitored() && asked.ownSession() == null) {
            throw new ProblemException(Problem.of(
                            ProblemCode.SESSION_REQUIRED,
                            asked.method() + " is tied to a session, and the callers of " + asked.machine()
                                    + " keep them themselves: call StartSession, and send its id along as Viam-Sid."
                                    + " Nothing was sent.")
                    .outcome(Outcome.NOT_SENT));
        }
        Desk desk = desk(asked.machine());
        Link link = connections
                .connection(asked.machine())
                .flatMap(Connection::link)
                .orElseThrow(() -> Refusals.unreachable(asked.machine(), "it is not connected"));
        return new OwnSession(desk, means, asked, link);
    }

    @Override
    public CompletableFuture<StopReport> stop(Visit who, String machine, @Nullable String id, @Nullable Seat seat) {
        try {
            return deskForStop(machine).barrier.stop(who, machine, id, seat);
        } catch (ProblemException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A machine that was never reached has no identity, and is stopped under its name. */
    private Desk deskForStop(String machine) {
        Desk desk = byName.get(machine);
        if (desk != null) {
            return desk;
        }
        Connection connection = connections.connection(machine).orElseThrow(() -> Refusals.unknown(machine));
        Desk made = new Desk(Reach.UNREACHED + machine, means);
        made.reach.add(machine, connection);
        return made;
    }

    @Override
    public void stopping(Visit who, String machine, @Nullable String id, Resource resource) {
        Desk desk = byName.get(machine);
        if (desk != null) {
            desk.barrier.stopping(who, machine, id, resource, resource.name().isEmpty());
        }
    }

    /** Whoever finds out that the gateway stood still was sent before that, and comes too late. */
    private void notAfterStandstill() {
        if (pulse.check()) {
            throw new ProblemException(Problem.of(
                            ProblemCode.LEASE_LOST,
                            "The gateway stood still; all leases have ended, and what was sent meanwhile is dropped."
                                    + " Nothing was sent.")
                    .outcome(Outcome.NOT_SENT));
        }
    }

    private <T> CompletableFuture<T> asked(Supplier<CompletableFuture<T>> question) {
        try {
            notAfterStandstill();
            return question.get();
        } catch (ProblemException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Optional<LeaseView> view(String machine) {
        return Optional.ofNullable(byName.get(machine)).flatMap(desk -> desk.guard.view());
    }

    @Override
    public List<String> sameAs(String machine) {
        Desk desk = byName.get(machine);
        return desk == null
                ? List.of()
                : desk.reach.names().stream()
                        .filter(name -> !name.equals(machine))
                        .toList();
    }

    @Override
    public int held() {
        return (int) byIdentity.values().stream()
                .filter(desk -> desk.decide(_ -> desk.holding.isHeld()))
                .count();
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    private Optional<Duration> patience() {
        return byIdentity.values().stream()
                .map(desk -> desk.guard.patience())
                .flatMap(Optional::stream)
                .min(Duration::compareTo);
    }

    private void stoodStill(Duration stood) {
        log.error(
                "The gateway stood still for {} ms, longer than a lease or a machine waits: all leases end, and what they"
                        + " moved is stopped",
                stood.toMillis());
        byIdentity.values().forEach(desk -> {
            var _ = desk.endWhatever(null, EndReason.STALLED, Visit.GATEWAY);
        });
        listeners.forEach(each -> each.stoodStill(stood));
    }

    @Override
    public void start() {
        draining = false;
        running = true;
        pulse.start();
    }

    /** Nobody moves anything any more; what was moved is stopped. Stops go on until the connections are closed. */
    @Override
    public void stop() {
        draining = true;
        CompletableFuture<?>[] ends = byIdentity.values().stream()
                .map(desk -> desk.endWhatever(null, EndReason.DRAINING, Visit.GATEWAY))
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends).get(LAST_STOPS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("Not everything was seen to stand before the gateway shut down", e);
        }
        pulse.stop();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The first to end: before sockets are told to go, since nobody may move anything by then. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
