package dev.fleetgateway.lease;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.session.Sid;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where one machine is given to its holders, whatever it is called: the lease, from the asking to what follows its end. Decisions are
 * made under its lock, and what follows from them outside. (The classes it is made of share that lock, which is why no checker can see
 * it.)
 */
final class Desk {

    /** So long the next holder waits for the verdict before he asks again; he is not let in without one. */
    private static final Duration STOP_BEFORE_NEXT = Duration.ofSeconds(3);

    /** A session may have to wait for the death of the one before: presence is taken for granted for so long. */
    private static final Duration OPENING = Duration.ofSeconds(10);

    /** A caller without a lease whom a stop has cut short moves nothing before he has sent nothing for so long. */
    static final Duration SILENCE = Duration.ofSeconds(2);

    private static final int MOST_TRIES = 4;

    final ReentrantLock lock = new ReentrantLock();
    final Traffic traffic = new Traffic();
    final Holding holding;
    final Reach reach;
    final Guard guard;
    final Halting halting;
    final Barrier barrier;

    private final Means means;

    // Guarded by the lock.
    @Nullable
    Seat seat;

    private @Nullable CompletableFuture<StopReport> ending;
    private Time.@Nullable Timer watching;

    Desk(String identity, Means means) {
        this.means = means;
        this.holding = new Holding(means.time());
        this.reach = new Reach(identity, lock, holding);
        this.guard = new Guard(this, means);
        this.halting = new Halting(this, means);
        this.barrier = new Barrier(this);
    }

    /** Decides under the lock, and does what follows outside it. */
    <T> T decide(Function<List<Runnable>, T> decision) {
        List<Runnable> then = new ArrayList<>();
        lock.lock();
        try {
            return decision.apply(then);
        } finally {
            lock.unlock();
            then.forEach(Runnable::run);
        }
    }

    CompletableFuture<GrantedLease> acquire(
            Visit who, String machine, Duration window, String reason, @Nullable Seat from, int tries) {
        Object decided = decide(then -> {
            endIfDue(then);
            if (holding.state() instanceof LeaseState.Held held) {
                throw Refusals.held(machine, held.lease().holder(), holding.moment(held.until()));
            }
            return ending != null ? ending : grant(who, machine, window, reason, false, from);
        });
        if (decided instanceof Lease lease) {
            return guard.open(machine).handle((sid, failure) -> {
                if (failure != null) {
                    endQuietly(lease);
                    throw Refusals.asProblem(failure, machine);
                }
                return opened(who, machine, lease, sid);
            });
        }
        @SuppressWarnings("unchecked")
        CompletableFuture<StopReport> wait = (CompletableFuture<StopReport>) decided;
        return tries >= MOST_TRIES
                ? CompletableFuture.failedFuture(Refusals.settling(machine))
                : patiently(wait).thenCompose(_ -> acquire(who, machine, window, reason, from, tries + 1));
    }

    private GrantedLease opened(Visit who, String machine, Lease lease, Sid sid) {
        GrantedLease granted = decide(then -> {
            if (!holding.isHeld(lease)) {
                throw means.ended().gone(lease.id(), who.caller());
            }
            guard.opened(sid);
            holding.present(lease, lease.window());
            watch(lease);
            then.add(this::changed);
            return shown(lease, machine);
        });
        means.audit()
                .line("lease.acquired", who, machine)
                .with("lease", lease.sequence())
                .with("windowMillis", lease.window().toMillis())
                .with("reason", lease.reason())
                .write();
        return granted;
    }

    CompletableFuture<Leases.Taken> take(
            Visit who, String machine, Duration window, String reason, @Nullable Seat from) {
        CompletableFuture<StopReport> stopped = decide(then -> {
            if (holding.state() instanceof LeaseState.Held) {
                return end(EndReason.TAKEN, who, then);
            }
            return ending != null
                    ? ending
                    : CompletableFuture.completedFuture(
                            halting.unfinished().orElseGet(() -> StopReport.nothing(machine)));
        });
        return patiently(stopped)
                .thenCompose(stop -> acquire(who, machine, window, reason, from, 0)
                        .thenApply(lease -> new Leases.Taken(lease, verdict(stop, machine))));
    }

    private static StopReport verdict(@Nullable StopReport stop, String machine) {
        return stop == null
                ? StopReport.of(machine, StopReport.Outcome.NOT_VERIFIED, "it is still being stopped")
                : stop.named(machine);
    }

    GrantedLease renew(Visit who, String machine, String id) {
        return decide(then -> {
            endIfDue(then);
            Lease lease = current(who, id);
            holding.present(lease, lease.window());
            if (guard.isMissing()) {
                then.add(() -> guard.reopen(lease));
            }
            return shown(lease, machine);
        });
    }

    CompletableFuture<GrantedLease> resume(Visit who, String machine, String id, @Nullable Seat from) {
        Lease lease = decide(then -> {
            endIfDue(then);
            Lease mine = current(who, id);
            if (from != null) {
                seat = from;
            }
            holding.present(mine, mine.window());
            if (traffic.gate.stops() > 0) {
                throw holding.isUnsuspended() ? Refusals.settling(machine) : Refusals.stopping(machine);
            }
            holding.resume(mine);
            halting.newEra();
            return mine;
        });
        means.audit()
                .line("lease.resumed", who, machine)
                .with("lease", lease.sequence())
                .write();
        return guard.open(machine)
                .handle((sid, failure) -> decide(then -> {
                    if (failure == null) {
                        guard.opened(sid);
                    }
                    then.add(this::changed);
                    return shown(lease, machine);
                }));
    }

    CompletableFuture<StopReport> release(Visit who, String machine, String id) {
        CompletableFuture<StopReport> stopped = decide(then -> {
            endIfDue(then);
            var _ = current(who, id);
            seat = null;
            return end(EndReason.RELEASED, who, then);
        });
        return stopped.thenApply(report -> report.named(machine));
    }

    /** The socket of a lease is gone; does nothing where the lease sits elsewhere by now. */
    void leave(String id, Seat from) {
        decide(then -> {
            Lease lease = holding.lease();
            if (lease != null && lease.id().equals(id) && from.equals(seat)) {
                var _ = end(EndReason.SOCKET_CLOSED, Visit.GATEWAY, then);
            }
            return id;
        });
    }

    /** Ends the lease of that id, or whatever lease there is; completes with null where there was none. */
    CompletableFuture<@Nullable StopReport> endWhatever(@Nullable String id, EndReason reason, Visit by) {
        Optional<CompletableFuture<StopReport>> ended = decide(then -> {
            Lease lease = holding.lease();
            if (lease == null && id == null) {
                // What was moved before may still be being stopped.
                return Optional.ofNullable(ending);
            }
            return lease == null || (id != null && !lease.id().equals(id))
                    ? Optional.empty()
                    : Optional.of(end(reason, by, then));
        });
        return ended.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : ended.get().thenApply(report -> report);
    }

    /** Cuts calls in flight short; those not sent yet never will be. Under the lock. */
    List<Act> cut(Cut by, Predicate<Act> chosen) {
        List<Act> found = traffic.inFlight(chosen);
        // One that could have been tried again may not where somebody stops.
        found.forEach(act -> act.cut = act.cut == null || act.cut == Cut.SETTLING ? by : act.cut);
        return found.stream().filter(act -> act.sent).toList();
    }

    /** What is held now; null where nobody holds it. Under the lock. */
    LeaseState.@Nullable Held held(List<Runnable> then) {
        endIfDue(then);
        return holding.state() instanceof LeaseState.Held held ? held : null;
    }

    /** The stop of the lease before, if it goes on. Under the lock. */
    @Nullable
    CompletableFuture<StopReport> ending() {
        return ending;
    }

    /** Completes with the verdict, or with null where it takes too long. */
    CompletableFuture<@Nullable StopReport> patiently(CompletableFuture<StopReport> stopped) {
        CompletableFuture<@Nullable StopReport> soon = stopped.thenApply(report -> report);
        Time.Timer timer = means.time().after(STOP_BEFORE_NEXT, () -> soon.complete(null));
        return soon.whenComplete((_, _) -> timer.cancel());
    }

    /** Makes somebody the holder where nobody is. Under the lock. */
    Lease grant(Visit who, String machine, Duration window, String reason, boolean implicit, @Nullable Seat from) {
        if (means.draining().getAsBoolean()) {
            throw Refusals.draining(machine);
        }
        Connection by = reach.by(machine);
        Link link = by == null ? null : by.link().orElse(null);
        if (by == null || link == null) {
            throw Refusals.unreachable(machine, Reach.absence(by));
        }
        Lease lease = new Lease(
                LeaseIds.next(),
                who.caller(),
                holding.state().sequence() + 1,
                window,
                means.time().now(),
                implicit,
                reason);
        holding.grant(lease, OPENING);
        reach.pin(by, link);
        seat = from;
        guard.reset();
        halting.newEra();
        if (!implicit) {
            means.ended().granted(lease, this);
            watch(lease);
        }
        return lease;
    }

    private Lease current(Visit who, String id) {
        Lease lease = holding.lease();
        if (lease != null
                && !lease.implicit()
                && lease.id().equals(id)
                && lease.holder().equals(who.caller())) {
            return lease;
        }
        throw means.ended().gone(id, who.caller());
    }

    /** Looks again when presence may have ended. Under the lock. */
    void watch(Lease lease) {
        if (watching != null) {
            watching.cancel();
        }
        if (holding.isHeld(lease)) {
            watching = means.time().after(holding.left(), () -> lookAgain(lease));
        }
    }

    private void lookAgain(Lease lease) {
        decide(then -> {
            if (holding.isHeld(lease)) {
                endIfDue(then);
                watch(lease);
            }
            return lease;
        });
    }

    // An implicit lease that is not suspended ends with its calls, not by this.
    private void endIfDue(List<Runnable> then) {
        if (holding.state() instanceof LeaseState.Held held
                && (!held.lease().implicit() || held.suspended())
                && !holding.left().isPositive()) {
            var _ = end(held.lease().implicit() ? EndReason.CALL_ENDED : EndReason.EXPIRED, Visit.GATEWAY, then);
        }
    }

    /** Ends the lease there is and has what it moved stopped. Under the lock; {@code then} is run outside it. */
    private CompletableFuture<StopReport> end(EndReason reason, Visit by, List<Runnable> then) {
        String machine = reach.name();
        Lease lease = holding.end(reason);
        List<Act> earlier = cut(reason.cut(), _ -> true);
        Set<Resource> concerned = traffic.concerned(earlier);
        traffic.forgetMoved();
        traffic.open.clear();
        Seat told = seat;
        seat = null;
        CompletableFuture<StopReport> done = new CompletableFuture<>();
        ending = done;
        Halting.Prepared prepared = concerned.isEmpty()
                ? null
                : halting.prepare(new Halting.Cause(machine, false, concerned, earlier, by, reason.name()));
        then.add(() -> {
            guard.session.rest();
            means.ended().ended(lease, reason);
            changed();
            CompletableFuture<StopReport> verdict = prepared == null
                    ? CompletableFuture.completedFuture(StopReport.nothing(machine))
                    : prepared.begin();
            var _ = verdict.thenAccept(report -> {
                if (!report.complete()) {
                    // The next holder must not keep alive what this one left moving.
                    var _ = guard.session.abandon();
                }
                settled(lease, reason, by, machine, report);
                if (told != null) {
                    told.leaseLost(machine, lease.sequence(), reason.name(), report);
                }
                done.complete(report);
            });
        });
        return done;
    }

    private void settled(Lease lease, EndReason reason, Visit by, String machine, StopReport report) {
        lock.lock();
        try {
            // The next is not granted before this one has settled.
            holding.settle(lease);
            ending = null;
        } finally {
            lock.unlock();
        }
        if (!lease.implicit()) {
            means.audit()
                    .line("lease.ended", by, machine)
                    .with("holder", lease.holder())
                    .with("lease", lease.sequence())
                    .with("reason", reason)
                    .with("outcome", report.outcome())
                    .with(
                            "tookMillis",
                            Duration.between(lease.since(), means.time().now()))
                    .write();
        }
        changed();
    }

    /** The presence of callers without a lease follows what they have open. Under the lock. */
    void presentByCalls(Lease lease) {
        if (traffic.open.isEmpty()) {
            holding.presentUntil(lease, means.time().nanos());
        } else {
            holding.presentUntil(lease, traffic.open.until());
        }
    }

    /** An implicit lease ends with the last that its holder has open, unless a stop has suspended it. */
    void endIfLast(Lease lease) {
        decide(then -> {
            if (holding.isHeld(lease) && holding.isUnsuspended()) {
                if (traffic.open.isEmpty()) {
                    then.add(() -> endQuietly(lease));
                } else {
                    then.add(this::changed);
                }
            }
            return lease;
        });
    }

    /** Ends a lease under which nothing moves any more. */
    private void endQuietly(Lease lease) {
        decide(then -> {
            if (holding.isHeld(lease) && (!lease.implicit() || (traffic.open.isEmpty() && holding.isUnsuspended()))) {
                var _ = holding.end(EndReason.CALL_ENDED);
                holding.settle(lease);
                seat = null;
                traffic.open.clear();
                traffic.forgetMoved();
                boolean sure = !traffic.hasLost();
                then.add(() -> {
                    if (sure) {
                        guard.session.rest();
                    } else {
                        // What may still arrive must not find the session alive.
                        var _ = guard.session.abandon();
                    }
                    means.ended().ended(lease, EndReason.SESSION_LOST);
                    changed();
                });
            }
            return lease;
        });
    }

    /** The lease as its holder sees it. Under the lock. */
    private GrantedLease shown(Lease lease, String machine) {
        return new GrantedLease(
                lease.id(),
                machine,
                lease.holder(),
                lease.sequence(),
                lease.window().toMillis(),
                holding.moment(holding.until(lease)),
                guard.protection());
    }

    /** Whether nothing is left of it that must be remembered. */
    boolean isIdle() {
        return decide(_ -> reach.isEmpty() && holding.isFree() && ending == null && traffic.isEmpty());
    }

    /** Tells everybody who listens that something about the lease has changed. */
    void changed() {
        reach.names().forEach(means.news()::changed);
    }
}
