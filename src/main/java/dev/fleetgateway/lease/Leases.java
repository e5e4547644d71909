package dev.fleetgateway.lease;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The right to move machines, and the stop. Safe for use by many threads; nothing here blocks. Every future fails with a
 * {@code ProblemException}, or not at all.
 */
public interface Leases {

    /**
     * Asks for the lease of a machine.
     *
     * @param window null for the default
     * @param seat the socket it is for, which is told when it is lost; null for none
     */
    CompletableFuture<GrantedLease> acquire(
            Visit who, String machine, @Nullable Duration window, String reason, @Nullable Seat seat);

    /** Takes the lease over from whoever has it, once what it moved is stopped. */
    CompletableFuture<Taken> take(
            Visit who, String machine, @Nullable Duration window, String reason, @Nullable Seat seat);

    /**
     * Its holder is present.
     *
     * @param machine the name by which it is renewed; null where only the id is known
     * @throws dev.fleetgateway.problem.ProblemException {@code lease-unknown}, {@code lease-lost}, {@code lease-stale}
     */
    GrantedLease renew(Visit who, @Nullable String machine, String id);

    /** Goes on after a stop, or on another socket after the gateway closed the first; {@code seat} as in {@link #acquire}. */
    CompletableFuture<GrantedLease> resume(Visit who, @Nullable String machine, String id, @Nullable Seat seat);

    /** Gives it back; completes when what it moved is stopped. */
    CompletableFuture<StopReport> release(Visit who, @Nullable String machine, String id);

    /** The socket of a lease is gone: it ends, unless it was resumed on another. */
    void leave(String id, Seat seat);

    /** Ends whatever lease there is on a machine and stops what it moved. Completes with null where there was none. */
    CompletableFuture<@Nullable StopReport> end(Visit by, String machine, EndReason reason);

    /**
     * Stops a machine: a barrier, as the room's description says.
     *
     * @param id a lease that came with it: its holder's own stop does not suspend it; null for none, and never a reason to refuse
     * @param seat the socket that asks; a stop from where the holder sits is his own
     * @return completes with the verdict; fails only where there is no such machine
     */
    CompletableFuture<StopReport> stop(Visit who, String machine, @Nullable String id, @Nullable Seat seat);

    /** A single call that stops something goes out by itself: the lease of another is suspended all the same. */
    void stopping(Visit who, String machine, @Nullable String id, Resource resource);

    /** Lets a command through that may move something, under a lease of its caller's or an implicit one. */
    CompletableFuture<Passage> admit(Admission asked);

    /** The lease of a machine as everybody may see it. */
    Optional<LeaseView> view(String machine);

    /** Other names of the same machine, in order. */
    List<String> sameAs(String machine);

    /** How many leases there are, implicit ones included. */
    int held();

    /** Announces from now on what happens to leases; the listener must not block. */
    void listen(Listener listener);

    /** What a take-over came to: the lease, and what became of what the old one moved. */
    record Taken(GrantedLease lease, StopReport stop) {}

    /** Hears of leases and stops. */
    interface Listener {

        /** Who may move a machine, or how it is protected, has changed. */
        void changed(String machine);

        /** A command was sent that may move something on a machine. */
        default void moved(String machine) {}

        /** The gateway stood still for so long that all leases have ended: what was sent to it meanwhile is out of date. */
        default void stoodStill(Duration stood) {}

        /** A machine, or something on it, was stopped, or seen again after a stop. */
        void stopped(StopReport report, Visit by, String reason);
    }
}
