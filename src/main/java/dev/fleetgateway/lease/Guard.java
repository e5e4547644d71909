package dev.fleetgateway.lease;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.session.MachineSession;
import dev.fleetgateway.session.Sid;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What protects a machine while it is held: its session, opened for its holder, opened anew when it was lost, and what can be said of it.
 */
final class Guard implements MachineSession.Listener {

    private static final Duration REOPEN = Duration.ofSeconds(1);

    final MachineSession session;

    private final AtomicBoolean reopening = new AtomicBoolean();

    private final Desk desk;
    private final Means means;

    // Guarded by the desk's lock.
    private boolean unprotected;
    private boolean restarted;

    // What moved before its connection was lost is stopped first.
    private boolean owedFirst;
    private @Nullable String opened;

    Guard(Desk desk, Means means) {
        this.desk = desk;
        this.means = means;
        this.session =
                new MachineSession(means.sessions(), means.time(), means.beats(), desk.holding::presentUntil, this);
    }

    /** Somebody else holds the machine now. Under the lock. */
    void reset() {
        restarted = false;
        unprotected = false;
    }

    /** Sees to it that there is a session on the link of the lease. */
    CompletableFuture<Sid> open(String machine) {
        if (desk.decide(_ -> owedFirst)) {
            return CompletableFuture.failedFuture(Refusals.unreachable(
                    machine, "what moved on it before its connection was lost is to be stopped first"));
        }
        Optional<Link> link = desk.reach.forCommands();
        return link.isEmpty()
                ? CompletableFuture.failedFuture(Refusals.unreachable(machine, desk.reach.absence()))
                : session.open(link.get());
    }

    /** A session was opened; without an id where the machine keeps none. Under the lock. */
    void opened(Sid sid) {
        unprotected = sid.id() == null;
        if (!Objects.equals(opened, sid.id())) {
            opened = sid.id();
            desk.traffic.newSession();
        }
    }

    /** Whether its holder has to be given another session. Under the lock. */
    boolean isMissing() {
        return !unprotected && session.living().isEmpty();
    }

    /** A command under that session did what it was to do, so what it moved is protected; true where that is news. Under the lock. */
    boolean succeeded(Sid sid) {
        // It may have been sent under the session before.
        boolean news = restarted && session.living().map(Sid::id).equals(Optional.ofNullable(sid.id()));
        restarted &= !news;
        return news;
    }

    /** What moved before was stopped, or has to be taken for it. Under the lock. */
    void restarted() {
        restarted = true;
    }

    /** What is told of it. Under the lock. */
    Protection protection() {
        if (desk.holding.isHeld() && !desk.holding.isUnsuspended()) {
            return Protection.STOPPED;
        }
        if (unprotected) {
            return Protection.GATEWAY_ONLY;
        }
        return session.living().isEmpty() ? Protection.NONE : restarted ? Protection.RESTARTED : Protection.ACTIVE;
    }

    /** The session died while somebody was present: whatever it protected was stopped by the machine. */
    @Override
    public void lost(Link on, String reason) {
        Lease lease;
        Connection over;
        desk.lock.lock();
        try {
            lease = desk.holding.lease();
            if (lease == null) {
                return;
            }
            over = desk.reach.by(desk.reach.name());
            restarted = true;
            var _ = desk.cut(Cut.LEASE_LOST, act -> act.sent && act.about.monitored());
        } finally {
            desk.lock.unlock();
        }
        if (over != null) {
            // Beats tell of a dead link long before polls do.
            over.doubt(on, reason);
        }
        means.audit()
                .line("session.lost", Visit.GATEWAY, desk.reach.name())
                .with("lease", lease.sequence())
                .with("reason", reason)
                .write();
        desk.changed();
        reopen(lease);
    }

    private boolean isPresent(Lease lease) {
        return desk.decide(_ -> desk.holding.isHeld(lease) && desk.holding.isPresent());
    }

    /** A session for a holder who is present and has none; tried again while he is. */
    void reopen(Lease lease) {
        // Every beat of the holder asks for it: one at a time is enough.
        if (desk.reach.forCommands().isEmpty() || !reopening.compareAndSet(false, true)) {
            return;
        }
        var _ = open(desk.reach.name()).whenComplete((_, failure) -> {
            desk.changed();
            if (failure == null) {
                reopening.set(false);
                return;
            }
            means.time().after(REOPEN, () -> {
                reopening.set(false);
                if (isPresent(lease) && session.living().isEmpty()) {
                    reopen(lease);
                }
            });
        });
    }

    /**
     * A connection to this machine carries. What it could not be told is told first, and what its holder had moved is stopped, since
     * nobody may have done so where the machine itself was started anew; only then a session is opened. A machine that is still
     * building its resources is told once it has them.
     */
    void connected(String name, Connection connection, Link link) {
        MachineReport report = connection.snapshot().report();
        boolean building = report != null && report.lifecycle() == MachineReport.Lifecycle.INITIALIZING;
        desk.decide(then -> {
            desk.reach.add(name, connection);
            Link before = desk.reach.known();
            Lease lease = desk.holding.lease();
            if (!desk.reach.isSettledWithout(connection, link)) {
                desk.reach.pin(connection, link);
                if (before != null) {
                    desk.traffic.oweMoved();
                    then.add(() -> session.linkLost(before, "the connection was lost"));
                }
                restarted |= lease != null;
                owedFirst = desk.traffic.owes();
            } else if (!desk.traffic.owes()) {
                return false;
            }
            if (building && desk.traffic.owes()) {
                return false;
            }
            then.add(() -> stopOwed(name, lease));
            return true;
        });
    }

    private void stopOwed(String name, @Nullable Lease lease) {
        Optional<Halting.Prepared> owed = desk.decide(_ -> {
            Set<Resource> late = desk.traffic.takeOwed();
            return late.isEmpty()
                    ? Optional.empty()
                    : Optional.of(desk.halting.prepare(
                            new Halting.Cause(name, false, late, List.of(), Visit.GATEWAY, "CONNECTION_LOST")));
        });
        CompletableFuture<?> told = owed.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : owed.get().begin();
        var _ = told.thenRun(() -> {
            desk.decide(_ -> owedFirst = false);
            if (lease != null && isPresent(lease)) {
                reopen(lease);
            }
        });
    }

    /** No connection of that name carries any more. */
    void disconnected(String name) {
        Link gone;
        desk.lock.lock();
        try {
            gone = desk.reach.known();
            if (gone == null || gone.usable() || !name.equals(desk.reach.name())) {
                return;
            }
        } finally {
            desk.lock.unlock();
        }
        session.linkLost(gone, "the connection was lost");
    }

    /** The lease as everybody may see it. */
    Optional<LeaseView> view() {
        return desk.decide(_ -> desk.holding.state() instanceof LeaseState.Held held
                ? Optional.of(new LeaseView(
                        held.lease().holder(),
                        held.lease().sequence(),
                        held.lease().since(),
                        desk.holding.moment(held.until()),
                        protection(),
                        held.lease().implicit()))
                : Optional.empty());
    }

    /** The shortest time in which a machine or a lease would notice that the gateway stands still; empty where nobody is present. */
    Optional<Duration> patience() {
        return desk.decide(_ -> {
            Lease lease = desk.holding.lease();
            return lease == null
                    ? Optional.empty()
                    : Optional.of(session.window()
                            .filter(window -> window.compareTo(lease.window()) < 0)
                            .orElse(lease.window()));
        });
    }
}
