package dev.fleetgateway.lease;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.motion.ActuatorApi;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The stops of one machine: each closes the gate, runs, and opens it; what still moves is told again. */
final class Halting {

    /** The reason of a stop that somebody asked for. */
    static final String STOP = "STOP";

    private static final Set<String> ENDS =
            Arrays.stream(EndReason.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Desk desk;
    private final Means means;

    // Guarded by the desk's lock. What still moves is told again in one era only: until somebody may move it again, or
    // a later
    // stop has taken its place.
    private long era;
    private @Nullable StopReport unfinished;

    Halting(Desk desk, Means means) {
        this.desk = desk;
        this.means = means;
    }

    /**
     * What is stopped, for whom and why.
     *
     * @param whole the whole machine, or only the resources
     */
    record Cause(String machine, boolean whole, Set<Resource> resources, List<Act> earlier, Visit by, String reason) {

        /** Whether somebody stops; all else ends what moved before. */
        boolean asked() {
            return reason.equals(STOP);
        }
    }

    /** A stop whose gate is closed already. Made under the desk's lock, begun outside it. */
    final class Prepared {

        private final Cause cause;
        private final Gate.Closing closing;

        private Prepared(Cause cause) {
            this.cause = cause;
            this.closing = desk.traffic.gate.close(cause.whole, cause.resources, cause.asked());
        }

        /** Runs it; completes with the verdict, never fails. */
        CompletableFuture<StopReport> begin() {
            long begun = means.time().nanos();
            StopRun.Order order = new StopRun.Order(
                    cause.machine, cause.whole, cause.resources, cause.earlier, ENDS.contains(cause.reason));
            StopRun run = new StopRun(Halting.this::giveUp, desk.reach, means.time(), order);
            return run.begin().thenApply(report -> {
                desk.lock.lock();
                try {
                    desk.traffic.gate.open(closing);
                    desk.traffic.stands(report);
                    desk.traffic.owe(run.untold());
                } finally {
                    desk.lock.unlock();
                }
                tell(report, cause);
                means.audit()
                        .line("stop", cause.by, cause.machine)
                        .with("reason", cause.reason)
                        .with("outcome", report.outcome())
                        .with("tookMillis", means.time().since(begun).toMillis())
                        .write();
                persist(report, cause);
                return report;
            });
        }
    }

    private void tell(StopReport report, Cause cause) {
        desk.reach.names().forEach(name -> means.news().stopped(report.named(name), cause.by, cause.reason));
    }

    private void persist(StopReport report, Cause cause) {
        if (!goesOn(report)) {
            return;
        }
        long mine;
        desk.lock.lock();
        try {
            mine = ++era;
            unfinished = report;
        } finally {
            desk.lock.unlock();
        }
        again(mine, cause);
    }

    private void again(long mine, Cause cause) {
        StopRun.Order order = new StopRun.Order(cause.machine, cause.whole, cause.resources, List.of(), false);
        means.time().after(AGAIN, () -> {
            if (current(mine)) {
                var _ = new StopRun(this::giveUp, desk.reach, means.time(), order)
                        .begin()
                        .thenAccept(next -> {
                            if (current(mine)) {
                                tell(next, cause);
                                if (next.complete()) {
                                    finish(mine);
                                } else {
                                    again(mine, cause);
                                }
                            }
                        });
            }
        });
    }

    private static boolean goesOn(StopReport report) {
        return report.outcome() == StopReport.Outcome.STILL_MOVING
                || report.resources().stream().anyMatch(each -> each.outcome() == StopReport.Outcome.STILL_MOVING);
    }

    private void finish(long mine) {
        desk.lock.lock();
        try {
            if (mine == era) {
                unfinished = null;
            }
        } finally {
            desk.lock.unlock();
        }
    }

    private boolean current(long mine) {
        desk.lock.lock();
        try {
            return mine == era;
        } finally {
            desk.lock.unlock();
        }
    }

    /**
     * Closes the gate for a stop. Under the desk's lock. Whatever else moves what is stopped is cut short too; what has no Stop of its
     * own is stopped with everything else. Calls that were lost are reckoned with.
     */
    Prepared prepare(Cause cause) {
        boolean all =
                cause.whole || cause.resources.stream().anyMatch(resource -> !ActuatorApi.isActuator(resource.api()));
        Set<Act> earlier = new LinkedHashSet<>(cause.earlier);
        Predicate<Act> concerned =
                act -> !cause.earlier.contains(act) && (all || cause.resources.contains(act.about.resource()));
        // What was let in and is not sent yet never goes.
        var _ = desk.cut(cause.asked() ? Cut.STOP : Cut.SETTLING, concerned.and(act -> !act.sent));
        earlier.addAll(desk.cut(Cut.STOP, concerned.and(act -> act.sent)));
        earlier.addAll(desk.traffic.lost(all, cause.resources));
        return new Prepared(
                new Cause(cause.machine, all, cause.resources, List.copyOf(earlier), cause.by, cause.reason));
    }

    /** What became of the last stop, where it has not ended: something still moves. Under the desk's lock. */
    Optional<StopReport> unfinished() {
        return Optional.ofNullable(unfinished);
    }

    /** Calls cannot be known to have ended: the session they were sent under is given up; completes when it is dead. */
    private CompletableFuture<Void> giveUp(List<Act> unended) {
        desk.lock.lock();
        try {
            unended.forEach(act -> act.givenUp = true);
            desk.guard.restarted();
        } finally {
            desk.lock.unlock();
        }
        return desk.guard.session.abandon();
    }

    /** Somebody may move the machine from now on: what still moved before is his. Under the desk's lock. */
    void newEra() {
        era++;
        unfinished = null;
    }
}
