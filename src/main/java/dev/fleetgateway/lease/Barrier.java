package dev.fleetgateway.lease;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What somebody's stop does to one machine: nothing that was sent or asked for before it moves anything after it. */
final class Barrier {

    private final Desk desk;

    // Guarded by the desk's lock.
    private long stops;

    Barrier(Desk desk) {
        this.desk = desk;
    }

    /** How often everything was stopped. Under the lock. */
    long stops() {
        return stops;
    }

    CompletableFuture<StopReport> stop(Visit who, String machine, @Nullable String id, @Nullable Seat from) {
        CompletableFuture<StopReport> verdict = new CompletableFuture<>();
        desk.decide(then -> {
            stops++;
            List<Act> earlier = desk.cut(Cut.STOP, _ -> true);
            Set<Resource> concerned = desk.traffic.concerned(earlier);
            Seat told = null;
            long sequence = 0;
            if (desk.holding.state() instanceof LeaseState.Held held) {
                if (own(held.lease(), who, id, from)) {
                    desk.holding.present(held.lease(), held.lease().window());
                } else {
                    told = held.suspended() ? null : desk.seat;
                    sequence = held.lease().sequence();
                    suspend(held.lease());
                }
            }
            Halting.Prepared prepared =
                    desk.halting.prepare(new Halting.Cause(machine, true, concerned, earlier, who, Halting.STOP));
            Seat seated = told;
            long number = sequence;
            then.add(() -> {
                desk.changed();
                var _ = prepared.begin().thenAccept(report -> {
                    if (seated != null) {
                        seated.leaseLost(machine, number, "STOPPED", report);
                    }
                    verdict.complete(report);
                });
            });
            return prepared;
        });
        return verdict;
    }

    /**
     * A single call that stops something passes by: what moves that resource is cut short. The lease of another is suspended, and all
     * that it moved is stopped, since its holder cannot do so any more.
     */
    void stopping(Visit who, String machine, @Nullable String id, Resource resource, boolean whole) {
        desk.decide(then -> {
            List<Act> cut =
                    desk.cut(Cut.STOP, act -> whole || act.about.resource().equals(resource));
            if (!(desk.holding.state() instanceof LeaseState.Held held)) {
                return cut;
            }
            if (own(held.lease(), who, id, null)) {
                desk.holding.present(held.lease(), held.lease().window());
                return cut;
            }
            Seat told = held.suspended() ? null : desk.seat;
            long sequence = held.lease().sequence();
            List<Act> earlier = desk.cut(Cut.STOP, _ -> true);
            Set<Resource> concerned = desk.traffic.concerned(earlier);
            suspend(held.lease());
            then.add(desk::changed);
            if (!concerned.isEmpty()) {
                Halting.Prepared prepared =
                        desk.halting.prepare(new Halting.Cause(machine, false, concerned, earlier, who, Halting.STOP));
                then.add(() -> {
                    var _ = prepared.begin().thenAccept(report -> {
                        if (told != null) {
                            told.leaseLost(machine, sequence, "STOPPED", report);
                        }
                    });
                });
            }
            return cut;
        });
    }

    // Under OPEN everybody has the same name: a lease is its holder's own by its id or its socket, and by nothing else.
    private boolean own(Lease lease, Visit who, @Nullable String id, @Nullable Seat from) {
        return !lease.implicit()
                && ((lease.id().equals(id) && lease.holder().equals(who.caller()))
                        || (from != null && from.equals(desk.seat)));
    }

    private void suspend(Lease lease) {
        desk.holding.suspend();
        if (lease.implicit()) {
            desk.traffic.open.clear();
            desk.holding.absent(lease, Desk.SILENCE);
            desk.watch(lease);
        }
    }
}
