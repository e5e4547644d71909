package dev.fleetgateway.door;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.lease.EndReason;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/** Waits for leases on a request's own thread. */
@Component
final class LeaseDoor {

    // A stop, the death of the session before, and a new one; each has its own shorter limit.
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static final Duration BEFORE_PARKING = Duration.ofSeconds(3);

    private final Leases leases;

    LeaseDoor(Leases leases) {
        this.leases = leases;
    }

    Leases leases() {
        return leases;
    }

    /** What it comes to. Throws the problem where it fails. */
    <T> T await(CompletableFuture<T> asked) {
        try {
            return asked.get(LONGEST.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw ProblemException.of(e.getCause(), "A lease");
        } catch (TimeoutException e) {
            throw new IllegalStateException("A lease was neither granted nor refused in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.of(ProblemCode.DRAINING, "The gateway is shutting down.")
                    .outcome(Outcome.NOT_SENT));
        }
    }

    /** Ends whatever lease there is, and waits a little for what it moved to stand, before its connection is closed. */
    void endFirst(Visit by, String machine) {
        try {
            leases.end(by, machine, EndReason.PARKED).get(BEFORE_PARKING.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // It was told; the machine's own expiry is the second net.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
