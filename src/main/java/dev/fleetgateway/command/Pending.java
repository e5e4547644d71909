package dev.fleetgateway.command;

import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.util.concurrent.CompletableFuture;

/** A call under way, and how to end it. */
record Pending(String operation, CompletableFuture<Answer> answer, Runnable ending) implements PendingCall {

    @Override
    public void cancel() {
        ending.run();
    }

    /** What a caller hears who left a read that goes on for others. */
    static ProblemException left() {
        return new ProblemException(Problem.of(ProblemCode.CALL_CANCELLED, "The call was cancelled by its caller.")
                .outcome(Outcome.UNKNOWN));
    }
}
