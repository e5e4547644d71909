package dev.fleetgateway.lease;

import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Why a lease or a command was refused, in the words of the contract. Nothing was sent. */
final class Refusals {

    private Refusals() {}

    static ProblemException held(String machine, String holder, Instant until) {
        Instant shown = until.truncatedTo(ChronoUnit.MILLIS);
        return new ProblemException(Problem.of(
                        ProblemCode.LEASE_HELD,
                        machine + " is held by " + holder + " until " + shown
                                + " at least. Nothing was sent. Wait, or take the lease over.")
                .on(machine)
                .outcome(Outcome.NOT_SENT)
                .with("holder", holder)
                .with("expiresAt", shown.toString()));
    }

    static ProblemException required(String machine, String method) {
        return new ProblemException(Problem.of(
                        ProblemCode.LEASE_REQUIRED,
                        method + " sets a motion that outlasts its answer. Nothing was sent. Acquire the lease of "
                                + machine
                                + " and send it along as Gateway-Lease, or say how long it may last, as in ?hold=2s.")
                .on(machine)
                .outcome(Outcome.NOT_SENT));
    }

    static ProblemException stopped(String machine) {
        return new ProblemException(Problem.of(
                        ProblemCode.LEASE_STOPPED,
                        "Your lease of " + machine
                                + " is suspended by a stop. Nothing was sent. Resume it, if moving is safe: PATCH .../lease with"
                                + " {\"resume\": true}.")
                .on(machine)
                .outcome(Outcome.NOT_SENT));
    }

    static ProblemException stoppedWithout(String machine, Duration silence) {
        return new ProblemException(Problem.of(
                        ProblemCode.LEASE_STOPPED,
                        machine + " was stopped while you moved it without a lease. Nothing was sent. Send nothing for "
                                + silence.toMillis() + " ms, and it can be moved again.")
                .on(machine)
                .outcome(Outcome.NOT_SENT)
                .retryAfter(silence));
    }

    static ProblemException stopping(String machine) {
        return new ProblemException(
                Problem.of(ProblemCode.LEASE_STOPPED, machine + " is just being stopped. Nothing was sent; try again.")
                        .on(machine)
                        .outcome(Outcome.NOT_SENT)
                        .retryAfter(StopRun.BETWEEN_LOOKS));
    }

    /** The gateway itself stops what had moved: nobody's lease is suspended by that, and nothing is to be resumed. */
    static ProblemException settling(String machine) {
        return new ProblemException(Problem.of(
                        ProblemCode.RESOURCE_UNAVAILABLE,
                        "The gateway is just stopping what had moved on " + machine + ". Nothing was sent; try again.")
                .on(machine)
                .outcome(Outcome.NOT_SENT)
                .retryAfter(StopRun.BETWEEN_LOOKS));
    }

    static ProblemException lost(String machine, String why) {
        return new ProblemException(
                Problem.of(ProblemCode.LEASE_LOST, "The lease of " + machine + " has ended: " + why + ".")
                        .on(machine)
                        .outcome(Outcome.NOT_SENT));
    }

    static ProblemException unreachable(String machine, String why) {
        return new ProblemException(Problem.of(
                        ProblemCode.MACHINE_UNREACHABLE,
                        machine + " cannot be moved now: " + why + ". Nothing was sent.")
                .on(machine)
                .outcome(Outcome.NOT_SENT)
                .retryAfter(Duration.ofSeconds(1)));
    }

    static ProblemException draining(String machine) {
        return new ProblemException(Problem.of(
                        ProblemCode.DRAINING,
                        "This gateway is shutting down and moves nothing any more. Nothing was sent.")
                .on(machine)
                .outcome(Outcome.NOT_SENT)
                .retryAfter(Duration.ofSeconds(1)));
    }

    static ProblemException interrupted(String machine, Cut by) {
        if (by == Cut.SETTLING) {
            return settling(machine);
        }
        return new ProblemException(Problem.of(
                        ProblemCode.CALL_INTERRUPTED,
                        "It was not sent to " + machine + ": " + by.words() + " before it could go out.")
                .on(machine)
                .outcome(Outcome.NOT_SENT)
                .with("by", by.name()));
    }

    /** What a failed future carries; anything but a problem is a defect. */
    static RuntimeException asProblem(Throwable failure, String machine) {
        RuntimeException known = ProblemException.of(failure, "A session");
        return known instanceof ProblemException problem
                ? new ProblemException(problem.problem().on(machine))
                : known;
    }

    static ProblemException unknown(String machine) {
        return new ProblemException(
                Problem.of(ProblemCode.MACHINE_UNKNOWN, "There is no machine named '" + machine + "'.")
                        .on(machine)
                        .outcome(Outcome.NOT_SENT));
    }
}
