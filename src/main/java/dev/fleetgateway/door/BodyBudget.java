package dev.fleetgateway.door;

import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of large bodies may be held at once, over all requests: many callers who each send as much as one may would
 * otherwise end the process, and with it every stop. Small bodies are not counted; the number of connections bounds them.
 */
final class BodyBudget {

    private static final long SMALL = 64 * 1024;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    BodyBudget(long most) {
        this.most = most;
    }

    /** Holds what a body needs until it is closed. */
    @FunctionalInterface
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /** Takes what the request's body may need, all that one may have where it does not say, or refuses it unread. */
    Hold hold(HttpServletRequest request) {
        Bodies.refuseIfDeclaredTooLarge(request);
        long needed = Bodies.isChunked(request) ? Bodies.LIMIT : request.getContentLengthLong();
        if (needed <= SMALL) {
            return () -> {};
        }
        if (held.addAndGet(needed) > most) {
            held.addAndGet(-needed);
            throw new ProblemException(Problem.of(
                            ProblemCode.TOO_MANY_CALLS,
                            "Large bodies of other requests fill the %d MiB there are for them. Nothing was sent."
                                    .formatted(most / 1024 / 1024))
                    .outcome(Outcome.NOT_SENT)
                    .retryAfter(Duration.ofSeconds(1)));
        }
        return () -> held.addAndGet(-needed);
    }
}
