package dev.fleetgateway.lease;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Why leases ended that are no more, so that a holder who comes late is told. Bounded; what falls out is merely unknown. */
final class EndedLeases {

    private static final long MOST = 10_000;

    private record Ended(String holder, EndReason reason) {}

    private final Cache<String, Ended> ended =
            Caffeine.newBuilder().maximumSize(MOST).build();

    // As bounded as the leases there are.
    private final Map<String, Desk> current = new ConcurrentHashMap<>();

    void granted(Lease lease, Desk desk) {
        current.put(lease.id(), desk);
    }

    void ended(Lease lease, EndReason reason) {
        ended.put(lease.id(), new Ended(lease.holder(), reason));
        current.remove(lease.id());
    }

    /** The desk where a lease is current, whoever asks. */
    Desk desk(String id, String caller) {
        Desk desk = current.get(id);
        if (desk == null) {
            throw gone(id, caller);
        }
        return desk;
    }

    /** The desk where a lease is current, if it is. */
    Optional<Desk> find(String id) {
        return Optional.ofNullable(current.get(id));
    }

    /** What a caller is told whose lease is not current: no more than he knew already. */
    ProblemException gone(String id, String caller) {
        Ended known = ended.getIfPresent(id);
        if (known == null || !known.holder.equals(caller)) {
            return refused(ProblemCode.LEASE_UNKNOWN, "There is no such lease, or it is not yours. Nothing was sent.");
        }
        return known.reason == EndReason.TAKEN
                ? refused(
                        ProblemCode.LEASE_STALE,
                        "Your lease was taken over. Nothing was sent; acquire or take it again.")
                : refused(
                        ProblemCode.LEASE_LOST,
                        "Your lease has ended: " + known.reason.words() + ". Nothing was sent; acquire it again.");
    }

    private static ProblemException refused(ProblemCode code, String detail) {
        return new ProblemException(Problem.of(code, detail).outcome(Outcome.NOT_SENT));
    }
}
