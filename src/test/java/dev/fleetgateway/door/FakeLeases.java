package dev.fleetgateway.door;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.lease.Admission;
import dev.fleetgateway.lease.EndReason;
import dev.fleetgateway.lease.GrantedLease;
import dev.fleetgateway.lease.LeaseView;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.lease.Passage;
import dev.fleetgateway.lease.Protection;
import dev.fleetgateway.lease.Seat;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Leases that are granted to whoever asks first, and stops that come out as the test says. */
final class FakeLeases implements Leases {

    private static final Instant EXPIRES = Instant.parse("2030-01-01T00:00:02Z");

    final List<String> stops = new CopyOnWriteArrayList<>();
    final Map<String, StopReport.Outcome> stopOutcomes = new ConcurrentHashMap<>();
    final Map<String, String> held = new ConcurrentHashMap<>();
    final List<String> left = new CopyOnWriteArrayList<>();
    final List<String> beats = new CopyOnWriteArrayList<>();
    final Map<String, Seat> seats = new ConcurrentHashMap<>();
    final List<String> resumed = new CopyOnWriteArrayList<>();

    /** Whether beats come to nothing. */
    volatile boolean deaf;

    private final Map<String, LeaseView> views = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<StopReport> stop(Visit who, String machine, @Nullable String id, @Nullable Seat seat) {
        stops.add(machine + " by " + who.caller());
        if (machine.startsWith("unknown")) {
            return CompletableFuture.failedFuture(
                    new ProblemException(Problem.of(ProblemCode.MACHINE_UNKNOWN, "no machine " + machine)
                            .on(machine)));
        }
        StopReport.Outcome outcome = stopOutcomes.getOrDefault(machine, StopReport.Outcome.STOPPED);
        StopReport report = new StopReport(
                machine,
                outcome,
                List.of(new StopReport.ResourceOutcome("rdk:component:motor/m1", outcome, "as the test says")));
        listeners.forEach(each -> each.stopped(report, who, "STOP"));
        return CompletableFuture.completedFuture(report);
    }

    @Override
    public CompletableFuture<GrantedLease> acquire(
            Visit who, String machine, @Nullable Duration window, String reason, @Nullable Seat seat) {
        String before = held.putIfAbsent("lease-of-" + machine, machine);
        if (before != null) {
            return CompletableFuture.failedFuture(new ProblemException(refused(ProblemCode.LEASE_HELD, machine)
                    .problem()
                    .with("holder", holder(machine))
                    .with("expiresAt", EXPIRES.toString())));
        }
        if (seat != null) {
            seats.put(machine, seat);
        }
        show(machine, who.caller(), sequence.incrementAndGet(), Protection.ACTIVE);
        return CompletableFuture.completedFuture(lease(who, machine, window));
    }

    private GrantedLease lease(Visit who, String machine, @Nullable Duration window) {
        return new GrantedLease(
                "lease-of-" + machine,
                machine,
                who.caller(),
                sequence(machine),
                window == null ? 2_000 : window.toMillis(),
                EXPIRES,
                protection(machine));
    }

    /** Somebody has the lease, as everybody sees. */
    void show(String machine, String holder, long number, Protection protection) {
        held.put("lease-of-" + machine, machine);
        views.put(
                machine,
                new LeaseView(holder, number, Instant.parse("2030-01-01T00:00:00Z"), EXPIRES, protection, false));
        listeners.forEach(each -> each.changed(machine));
    }

    /** Somebody else takes it: its holder is told, and everybody sees. */
    void takenBy(String holder, String machine, StopReport stop) {
        long before = sequence(machine);
        show(machine, holder, sequence.incrementAndGet(), Protection.ACTIVE);
        seat(machine).leaseLost(machine, before, "TAKEN", stop);
    }

    /** Somebody stops the machine, and so the lease is suspended. */
    void suspend(String machine, StopReport stop) {
        show(machine, holder(machine), sequence(machine), Protection.STOPPED);
        seat(machine).leaseLost(machine, sequence(machine), "STOPPED", stop);
    }

    /** Everybody leaves, and nothing is remembered. */
    void clear() {
        stops.clear();
        stopOutcomes.clear();
        beats.clear();
        left.clear();
        resumed.clear();
        seats.clear();
        deaf = false;
        held.keySet().forEach(this::drop);
    }

    private void drop(String id) {
        String machine = held.remove(id);
        if (machine != null) {
            views.remove(machine);
            listeners.forEach(each -> each.changed(machine));
        }
    }

    private Seat seat(String machine) {
        Seat seat = seats.get(machine);
        if (seat == null) {
            throw new IllegalStateException("nobody sits before " + machine);
        }
        return seat;
    }

    private String holder(String machine) {
        LeaseView view = views.get(machine);
        return view == null ? "somebody" : view.holder();
    }

    private long sequence(String machine) {
        LeaseView view = views.get(machine);
        return view == null ? 1 : view.sequence();
    }

    private Protection protection(String machine) {
        LeaseView view = views.get(machine);
        return view == null ? Protection.ACTIVE : view.protection();
    }

    private static ProblemException refused(ProblemCode code, String machine) {
        return new ProblemException(
                Problem.of(code, "as the test says").on(machine).outcome(Outcome.NOT_SENT));
    }

    @Override
    public CompletableFuture<Taken> take(
            Visit who, String machine, @Nullable Duration window, String reason, @Nullable Seat seat) {
        drop("lease-of-" + machine);
        return acquire(who, machine, window, reason, seat)
                .thenApply(lease -> new Taken(lease, StopReport.nothing(machine)));
    }

    @Override
    public GrantedLease renew(Visit who, @Nullable String machine, String id) {
        String known = held.get(id);
        if (known == null) {
            throw refused(ProblemCode.LEASE_UNKNOWN, "");
        }
        if (deaf) {
            throw refused(ProblemCode.MACHINE_UNREACHABLE, known);
        }
        beats.add(id);
        return lease(who, known, null);
    }

    @Override
    public CompletableFuture<GrantedLease> resume(Visit who, @Nullable String machine, String id, @Nullable Seat seat) {
        resumed.add(id);
        String known = held.get(id);
        if (known == null) {
            return CompletableFuture.failedFuture(refused(ProblemCode.LEASE_UNKNOWN, ""));
        }
        if (seat != null) {
            seats.put(known, seat);
        }
        show(known, holder(known), sequence(known), Protection.ACTIVE);
        return CompletableFuture.completedFuture(lease(who, known, null));
    }

    @Override
    public CompletableFuture<StopReport> release(Visit who, @Nullable String machine, String id) {
        String known = held.get(id);
        drop(id);
        return known == null
                ? CompletableFuture.failedFuture(refused(ProblemCode.LEASE_UNKNOWN, ""))
                : CompletableFuture.completedFuture(StopReport.nothing(known));
    }

    @Override
    public void leave(String id, Seat seat) {
        drop(id);
        left.add(id);
    }

    @Override
    public CompletableFuture<@Nullable StopReport> end(Visit by, String machine, EndReason reason) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void stopping(Visit who, String machine, @Nullable String id, Resource resource) {
        // Nothing moves here.
    }

    @Override
    public CompletableFuture<Passage> admit(Admission asked) {
        return CompletableFuture.failedFuture(refused(ProblemCode.LEASE_REQUIRED, asked.machine()));
    }

    @Override
    public Optional<LeaseView> view(String machine) {
        return Optional.ofNullable(views.get(machine));
    }

    @Override
    public List<String> sameAs(String machine) {
        return List.of();
    }

    @Override
    public int held() {
        return held.size();
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** The gateway stood still. */
    void standStill() {
        listeners.forEach(each -> each.stoodStill(Duration.ofSeconds(5)));
    }
}
