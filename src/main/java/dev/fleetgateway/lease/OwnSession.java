package dev.fleetgateway.lease;

import dev.fleetgateway.connection.Link;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.motion.Telling;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A command to a machine whose callers keep sessions themselves: no lease, no presence of the gateway's. Every stop reckons with it,
 * and what did not end by the machine's own answer is stopped all the same.
 */
final class OwnSession implements Passage {

    private final Desk desk;
    private final Admission about;
    private final Link link;
    private final Act act;

    OwnSession(Desk desk, Means means, Admission about, Link link) {
        this.desk = desk;
        this.about = about;
        this.link = link;
        Lease none = new Lease(
                "", about.who().caller(), 0, Duration.ZERO, means.time().now(), false, "");
        this.act = new Act(about, none, means.time().nanos());
    }

    @Override
    public Link link() {
        return link;
    }

    @Override
    public @Nullable String sid() {
        return about.ownSession();
    }

    @Override
    public long sequence() {
        return 0;
    }

    @Override
    public <T> T send(Supplier<T> sending) {
        desk.lock.lock();
        try {
            desk.traffic.gate.pass(about.machine(), about.resource());
            if (act.cut != null || !about.present().getAsBoolean()) {
                throw Refusals.interrupted(about.machine(), act.cut == null ? Cut.CANCEL : act.cut);
            }
            T sent = sending.get();
            act.sent = true;
            desk.traffic.begin(act);
            return sent;
        } finally {
            desk.lock.unlock();
        }
    }

    @Override
    public CompletableFuture<Settled> ended(End end) {
        Cut by = desk.<Ended>decide(_ -> {
                    desk.traffic.end(act);
                    act.over = true;
                    act.lost = end.handed() && !end.answered();
                    return new Ended(act.cut);
                })
                .by();
        if (!act.lost) {
            act.ended.complete(null);
        }
        boolean stopped = by != null && by != Cut.CANCEL && by != Cut.TIMEOUT;
        if (!end.handed() || stopped || (end.answered() && by == null)) {
            return CompletableFuture.completedFuture(new Settled(by, null, null));
        }
        return stop(by == null ? "UNANSWERED" : by.name()).thenApply(report -> new Settled(by, report, null));
    }

    private record Ended(@Nullable Cut by) {}

    private CompletableFuture<StopReport> stop(String reason) {
        Set<Resource> resource = Set.of(about.resource());
        List<Act> unended = act.lost ? List.of(act) : List.of();
        return desk.decide(_ -> desk.halting.prepare(
                        new Halting.Cause(about.machine(), false, resource, unended, about.who(), reason)))
                .begin();
    }

    @Override
    public void cut(Cut by) {
        boolean first = desk.decide(_ -> {
            boolean free = act.cut == null && !act.over;
            act.cut = free ? by : act.cut;
            return free && act.sent;
        });
        if (first) {
            Telling.cancel(link, List.of(about.operation()));
        }
    }

    @Override
    public CompletableFuture<Passage> again() {
        return CompletableFuture.failedFuture(
                Refusals.lost(about.machine(), "the machine says that your session has expired"));
    }
}
