package dev.fleetgateway.lease;

import dev.fleetgateway.connection.Link;
import dev.fleetgateway.lease.Passage.Settled;
import dev.fleetgateway.motion.ActuatorApi;
import dev.fleetgateway.motion.Look;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What follows the machine's answer to one command: most of it where there is no lease, and presence must not outlast what moves. */
final class Aftermath {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** An actuator that does not say so often whether it moves has no way to say. */
    private static final int MOST_SILENT = 3;

    private final Desk desk;
    private final Means means;
    private final Act act;

    Aftermath(Desk desk, Means means, Act act) {
        this.desk = desk;
        this.means = means;
        this.act = act;
    }

    /** What it moved was stopped for it. */
    Settled stopped(@Nullable Cut cut, StopReport report) {
        letGo();
        over();
        return new Settled(cut, report, null);
    }

    /** Nothing follows. */
    CompletableFuture<Settled> plain(@Nullable Cut cut) {
        over();
        return CompletableFuture.completedFuture(cut == null ? Settled.PLAIN : new Settled(cut, null, null));
    }

    /**
     * A call without a lease whose actuator still moves is not over: it is waited for, as long as such a call may take.
     *
     * @param ok whether the machine said OK; after an error what an earlier call holds is left to it
     */
    CompletableFuture<Settled> standing(Link link, boolean ok) {
        return standing(link, ok, 0);
    }

    private CompletableFuture<Settled> standing(Link link, boolean ok, int silent) {
        Resource resource = act.about.resource();
        if (!ActuatorApi.isActuator(resource.api()) || !link.usable()) {
            return plain(cutNow());
        }
        return Look.at(link, List.of(resource)).thenCompose(seen -> {
            CompletableFuture<StopReport> stop =
                    desk.<Settling>decide(_ -> new Settling(act.stop)).stop();
            Cut cut = cutNow();
            if (stop != null) {
                return stop.thenApply(report -> stopped(cut, report));
            }
            Look.Said said = seen.getOrDefault(resource, Look.Said.SILENT);
            int silentNow = said == Look.Said.SILENT ? silent + 1 : 0;
            boolean goesOn = said == Look.Said.MOVES || (said == Look.Said.SILENT && silentNow < MOST_SILENT);
            if (cut != null || !goesOn || !desk.decide(_ -> desk.holding.isHeld(act.lease))) {
                if (cut == null && ok) {
                    // What an earlier call held of it has ended with this one.
                    letGo();
                }
                return plain(cut);
            }
            CompletableFuture<Void> later = new CompletableFuture<>();
            means.time().after(LOOK_AGAIN, () -> later.complete(null));
            return later.thenCompose(_ -> standing(link, ok, silentNow));
        });
    }

    private record Settling(@Nullable CompletableFuture<StopReport> stop) {}

    private @Nullable Cut cutNow() {
        desk.lock.lock();
        try {
            return act.cut;
        } finally {
            desk.lock.unlock();
        }
    }

    /** The motion of a sticky call goes on for as long as its caller said, and is stopped then. */
    CompletableFuture<Settled> hold() {
        Duration most = Objects.requireNonNull(act.about.hold(), "a sticky call without a lease says how long");
        Settled settled = desk.decide(then -> {
            if (act.cut != null || !desk.holding.isHeld(act.lease) || !desk.traffic.open.end(act)) {
                then.add(this::over);
                return new Settled(act.cut == null ? Cut.LEASE_LOST : act.cut, null, null);
            }
            cancelLimit();
            desk.traffic.end(act);
            act.over = true;
            long until = means.time().nanos() + most.toNanos();
            desk.traffic.open.hold(new OpenCalls.Hold(act, until, means.time().after(most, this::holdOver)));
            desk.presentByCalls(act.lease);
            then.add(desk::changed);
            return new Settled(null, null, desk.holding.moment(until));
        });
        return CompletableFuture.completedFuture(settled);
    }

    private void holdOver() {
        desk.decide(then -> {
            OpenCalls.Hold hold = desk.traffic.open.holdOf(act.about.resource());
            if (hold == null
                    || hold.act() != act
                    || !desk.holding.isHeld(act.lease)
                    // A later call moves it now: its end decides.
                    || desk.traffic.open.openOn(act.about.resource())) {
                return act;
            }
            Halting.Prepared stop = desk.halting.prepare(new Halting.Cause(
                    act.about.machine(),
                    false,
                    Set.of(act.about.resource()),
                    List.of(),
                    act.about.who(),
                    "HOLD_ENDED"));
            then.add(() -> {
                var _ = stop.begin().thenAccept(report -> {
                    holdStopped();
                    over();
                });
            });
            return act;
        });
    }

    private void holdStopped() {
        desk.decide(_ -> {
            OpenCalls.Hold hold = desk.traffic.open.holdOf(act.about.resource());
            if (hold != null && hold.act() == act) {
                var _ = desk.traffic.open.letGo(act.about.resource());
            }
            return act;
        });
    }

    /** What is held of its resource is not held any more. */
    private void letGo() {
        desk.decide(_ -> {
            if (act.lease.implicit() && desk.holding.isHeld(act.lease)) {
                var _ = desk.traffic.open.letGo(act.about.resource());
            }
            return act;
        });
    }

    /** It is over for good: the last of a caller without a lease takes his presence with it. */
    void over() {
        desk.decide(then -> {
            desk.traffic.end(act);
            act.over = true;
            cancelLimit();
            if (act.lease.implicit() && desk.holding.isHeld(act.lease)) {
                var _ = desk.traffic.open.end(act);
                desk.presentByCalls(act.lease);
                OpenCalls.Hold overdue = desk.traffic.open.overdue(
                        act.about.resource(), means.time().nanos());
                if (overdue != null) {
                    // Its time passed while this one moved the same; it is stopped now.
                    then.add(new Aftermath(desk, means, overdue.act())::holdOver);
                }
                then.add(() -> desk.endIfLast(act.lease));
            }
            return act;
        });
        if (!act.lost) {
            act.ended.complete(null);
        }
    }

    private void cancelLimit() {
        if (act.limit != null) {
            act.limit.cancel();
            act.limit = null;
        }
    }
}
