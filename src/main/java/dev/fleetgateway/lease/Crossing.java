package dev.fleetgateway.lease;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.motion.ActuatorApi;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.session.Sid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One command on its way past a {@link Desk}: let in, handed over, ended, and what follows from each. */
final class Crossing implements Passage {

    private static final int MOST_TRIES = 3;

    private final Desk desk;
    private final Means means;
    private final Act act;
    private final Aftermath aftermath;

    private Crossing(Desk desk, Means means, Act act) {
        this.desk = desk;
        this.means = means;
        this.act = act;
        this.aftermath = new Aftermath(desk, means, act);
    }

    static CompletableFuture<Passage> admit(Desk desk, Means means, Admission asked) {
        long stops = desk.decide(_ -> desk.barrier.stops());
        return admit(desk, means, asked, stops, 0);
    }

    private static CompletableFuture<Passage> admit(Desk desk, Means means, Admission asked, long stops, int tries) {
        CompletableFuture<StopReport> wait;
        Crossing crossing = null;
        List<Runnable> then = new ArrayList<>();
        desk.lock.lock();
        try {
            if (desk.barrier.stops() != stops) {
                // What was asked for before a stop moves nothing after it.
                throw Refusals.stopping(asked.machine());
            }
            LeaseState.Held held = desk.held(then);
            wait = held == null ? desk.ending() : null;
            if (wait == null) {
                Lease lease = asked.lease() == null ? unleased(desk, held, asked) : leased(desk, means, held, asked);
                crossing = new Crossing(
                        desk, means, new Act(asked, lease, means.time().nanos()));
                crossing.begin();
            }
        } finally {
            desk.lock.unlock();
            then.forEach(Runnable::run);
        }
        if (crossing != null) {
            return crossing.open();
        }
        if (asked.lease() != null) {
            throw means.ended().gone(asked.lease(), asked.who().caller());
        }
        return tries >= MOST_TRIES
                ? CompletableFuture.failedFuture(Refusals.settling(asked.machine()))
                : desk.patiently(Objects.requireNonNull(wait, "there is nothing to wait for"))
                        .thenCompose(_ -> admit(desk, means, asked, stops, tries + 1));
    }

    private static Lease leased(Desk desk, Means means, LeaseState.@Nullable Held held, Admission asked) {
        String id = Objects.requireNonNull(asked.lease(), "it came with a lease");
        if (held == null
                || held.lease().implicit()
                || !held.lease().id().equals(id)
                || !held.lease().holder().equals(asked.who().caller())) {
            throw means.ended().gone(id, asked.who().caller());
        }
        desk.holding.present(held.lease(), held.lease().window());
        if (held.suspended()) {
            throw Refusals.stopped(asked.machine());
        }
        desk.traffic.gate.pass(asked.machine(), asked.resource());
        return held.lease();
    }

    private static Lease unleased(Desk desk, LeaseState.@Nullable Held held, Admission asked) {
        if (held == null) {
            if (asked.sticky() && asked.hold() == null) {
                throw Refusals.required(asked.machine(), asked.method());
            }
            desk.traffic.gate.pass(asked.machine(), asked.resource());
            return desk.grant(asked.who(), asked.machine(), asked.unleased(), asked.method(), true, null);
        }
        Lease lease = held.lease();
        if (!lease.implicit() || !lease.holder().equals(asked.who().caller())) {
            throw Refusals.held(asked.machine(), lease.holder(), desk.holding.moment(held.until()));
        }
        if (held.suspended()) {
            desk.holding.absent(lease, Desk.SILENCE);
            throw Refusals.stoppedWithout(asked.machine(), Desk.SILENCE);
        }
        if (asked.sticky() && asked.hold() == null) {
            throw Refusals.required(asked.machine(), asked.method());
        }
        desk.traffic.gate.pass(asked.machine(), asked.resource());
        return lease;
    }

    /** From here on it counts: as presence where it has no lease, and for every stop. Under the lock. */
    private void begin() {
        desk.traffic.begin(act);
        if (act.lease.implicit()) {
            Duration most = act.about.unleased();
            desk.traffic.open.begin(act, act.begun + most.toNanos());
            desk.presentByCalls(act.lease);
            act.limit = means.time().after(most, this::tooLong);
        }
    }

    private CompletableFuture<Passage> open() {
        return desk.guard.open(act.about.machine()).handle((sid, failure) -> {
            if (failure != null) {
                aftermath.over();
                throw Refusals.asProblem(failure, act.about.machine());
            }
            desk.lock.lock();
            try {
                act.sid = sid;
                desk.guard.opened(sid);
            } finally {
                desk.lock.unlock();
            }
            if (act.lease.implicit()) {
                desk.changed();
            }
            return this;
        });
    }

    @Override
    public Link link() {
        return sid0().link();
    }

    @Override
    public @Nullable String sid() {
        return sid0().id();
    }

    private Sid sid0() {
        return Objects.requireNonNull(act.sid, "it is handed out only once there is a session");
    }

    @Override
    public long sequence() {
        return act.lease.sequence();
    }

    @Override
    public <T> T send(Supplier<T> sending) {
        T sent;
        desk.lock.lock();
        try {
            mayGo();
            replace();
            act.sent = true;
            act.first = desk.traffic.moved(act);
            desk.halting.newEra();
            desk.guard.session.touched();
            sent = sending.get();
        } catch (RuntimeException e) {
            // Whatever failed, nothing has left.
            act.sent = false;
            var _ = means.time().after(Duration.ZERO, aftermath::over);
            throw e;
        } finally {
            desk.lock.unlock();
        }
        desk.reach.names().forEach(means.news()::moved);
        return sent;
    }

    /** The last look before it goes, under the lock that every stop takes first. */
    private void mayGo() {
        String machine = act.about.machine();
        Cut cut = act.cut;
        if (cut != null) {
            throw Refusals.interrupted(machine, cut);
        }
        if (!act.about.present().getAsBoolean()) {
            throw Refusals.interrupted(machine, Cut.CANCEL);
        }
        if (!desk.holding.isHeld(act.lease) || !desk.holding.isPresent()) {
            throw Refusals.lost(machine, "its holder is not present any more");
        }
        desk.traffic.gate.pass(machine, act.about.resource());
        if (sid0().id() != null && !desk.guard.session.living().map(Sid::id).equals(Optional.ofNullable(sid0().id()))) {
            throw Refusals.unreachable(machine, "its session is being opened anew");
        }
    }

    // The machine answers OK to the one that was replaced (seen live), so only the gateway can tell.
    private void replace() {
        if (act.about.monitored() && ActuatorApi.isActuator(act.about.resource().api())) {
            act.replaced = desk.cut(
                    Cut.REPLACED,
                    other -> other != act
                            && other.sent
                            && other.cut == null
                            && other.about.monitored()
                            && other.about.resource().equals(act.about.resource()));
        }
    }

    // Under the lock.
    private void refused() {
        act.replaced.forEach(other -> other.cut = other.cut == Cut.REPLACED ? null : other.cut);
        if (act.first && desk.holding.isHeld(act.lease)) {
            desk.traffic.notMoved(act);
        }
    }

    @Override
    public CompletableFuture<Settled> ended(End end) {
        Halting.Prepared stop = null;
        CompletableFuture<StopReport> made;
        Cut cut;
        boolean news;
        desk.lock.lock();
        try {
            act.answered = true;
            desk.guard.session.touched();
            if (end.rejected()) {
                refused();
            }
            cut = act.cut;
            made = act.stop;
            news = end.ok() && cut == null && act.about.monitored() && desk.guard.succeeded(sid0());
            if (end.handed() && !end.answered()) {
                desk.traffic.lose(act);
            }
            if (end.handed() && made == null && (!end.answered() || act.givenUp)) {
                stop = toBeStopped(end.answered() ? "ENDED_LATE" : "UNANSWERED");
            }
        } finally {
            desk.lock.unlock();
        }
        if (!act.lost) {
            act.ended.complete(null);
        }
        if (news) {
            desk.changed();
        }
        CompletableFuture<StopReport> stopping = stop == null ? made : stop.begin();
        if (stopping != null) {
            return stopping.thenApply(report -> aftermath.stopped(cut, report));
        }
        boolean mayMove = end.handed() && !end.rejected() && act.lease.implicit();
        return cut == null && mayMove
                ? end.ok() && act.about.sticky() ? aftermath.hold() : aftermath.standing(sid0().link(), end.ok())
                : aftermath.plain(cut);
    }

    /** The stop of what it names; null where the machine cannot be told now, which is then owed. Under the lock. */
    private Halting.@Nullable Prepared toBeStopped(String reason) {
        Set<Resource> resource = Set.of(act.about.resource());
        if (desk.reach.forStop().isEmpty()) {
            desk.traffic.owe(resource);
            return null;
        }
        return desk.halting.prepare(
                new Halting.Cause(act.about.machine(), false, resource, List.of(), act.about.who(), reason));
    }

    private void tooLong() {
        boolean answered = desk.decide(_ -> act.answered);
        cut(answered ? Cut.LINGER : Cut.UNLEASED_LIMIT);
    }

    @Override
    public void cut(Cut by) {
        CompletableFuture<StopReport> promised = new CompletableFuture<>();
        desk.decide(then -> {
            if (act.cut != null || act.over) {
                return by;
            }
            act.cut = by;
            if (!act.sent) {
                // Whoever waits for its session finds that it may not go any more.
                then.add(aftermath::over);
                return by;
            }
            act.stop = promised;
            Halting.Prepared stop = desk.halting.prepare(new Halting.Cause(
                    act.about.machine(),
                    false,
                    Set.of(act.about.resource()),
                    List.of(act),
                    by == Cut.CANCEL ? act.about.who() : Visit.GATEWAY,
                    by.name()));
            then.add(() -> {
                var _ = stop.begin().thenAccept(promised::complete);
            });
            return by;
        });
    }

    @Override
    public CompletableFuture<Passage> again() {
        String machine = act.about.machine();
        String id = sid0().id();
        if (id == null) {
            return CompletableFuture.failedFuture(Refusals.lost(machine, "the machine says that there is no session"));
        }
        desk.guard.session.died(id, "the machine says that the session has expired");
        Duration fresh = sid0().window();
        boolean current;
        desk.lock.lock();
        try {
            // Cut by the very loss that is being mended.
            boolean only = act.cut == null || act.cut == Cut.LEASE_LOST;
            current = only
                    && desk.holding.isHeld(act.lease)
                    && desk.holding.isUnsuspended()
                    && desk.holding.isPresent()
                    && desk.holding.heardWithin(fresh)
                    && means.time().since(act.begun).compareTo(fresh) < 0;
            if (current) {
                act.cut = null;
                act.sent = false;
            }
        } finally {
            desk.lock.unlock();
        }
        if (!current) {
            aftermath.over();
            return CompletableFuture.failedFuture(Refusals.lost(
                    machine,
                    "its session had expired at the machine, which had stopped what it moved; nothing was executed"));
        }
        return open();
    }
}
