package dev.fleetgateway.problem;

import java.io.Serial;

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

    /** What went wrong. */
    public Problem problem() {
        return problem;
    }
}
