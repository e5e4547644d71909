package dev.fleetgateway.problem;

import java.io.Serial;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Carries a problem from the room that knows to the door that tells. It has no stack trace: it is an answer, not a defect.
 */
public final class ProblemException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    /** Carries the given problem; its detail is the message. */
    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    /**
     * What a future failed of, without the wrapper that a dependent future puts around it.
     *
     * @return the cause of a {@link CompletionException} that has one, anything else as it is
     */
    public static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /**
     * The problem that a failed future carries, to be thrown.
     *
     * @param what what failed, for a defect's message
     * @return the problem itself; an {@link IllegalStateException} over anything else, which is a defect
     */
    public static RuntimeException of(@Nullable Throwable failure, String what) {
        Throwable cause = cause(failure);
        return cause instanceof ProblemException problem
                ? problem
                : new IllegalStateException(what + " failed with something else than a problem", cause);
    }

    /** What went wrong. */
    public Problem problem() {
        return problem;
    }
}
