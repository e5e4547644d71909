package dev.fleetgateway.command;

import dev.fleetgateway.connection.Question;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.session.MachineSession;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** From what a call ended with to the problem its caller is told: the one table of it. Exact texts are those seen live. */
final class Failures {

    private static final Duration SOON = Duration.ofSeconds(1);

    private Failures() {}

    /**
     * How far a failed call had come.
     *
     * @param handed whether it was handed to the transport, so that some of it may have left
     * @param answered whether the machine itself ended it, with a status of its own
     * @param cancelled whether its caller cancelled it
     * @param operation whether the machine had made an operation of it, which it does right before its handler
     * @param initializing whether the machine was still starting
     */
    record Fate(
            boolean handed,
            boolean answered,
            boolean cancelled,
            boolean operation,
            boolean initializing,
            Duration took) {}

    static Problem of(String machine, String method, Status status, Fate fate) {
        return told(method, status, fate).on(machine).grpc(status.getCode().name());
    }

    /** The gateway's own question, needed before a call could begin, failed: nothing of the call was sent. */
    static Problem whileAsking(String machine, String what, @Nullable Throwable failure) {
        Status status = failure == null || failure instanceof TimeoutException
                ? Status.DEADLINE_EXCEEDED
                : Status.fromThrowable(failure);
        ProblemCode code = status.getCode() == Status.Code.UNAUTHENTICATED
                ? ProblemCode.MACHINE_AUTH_FAILED
                : ProblemCode.MACHINE_UNREACHABLE;
        return Problem.of(
                        code,
                        "The machine was asked for " + what + " and did not say ("
                                + Question.words(status.asException()) + "). Nothing was sent; try again.")
                .on(machine)
                .grpc(status.getCode().name())
                .outcome(Outcome.NOT_SENT)
                .retryAfter(SOON);
    }

    private static Problem told(String method, Status status, Fate fate) {
        String said = status.getDescription() == null ? "" : status.getDescription();
        if (fate.cancelled && status.getCode() == Status.Code.CANCELLED) {
            return Problem.of(
                            ProblemCode.CALL_CANCELLED,
                            method + " was cancelled by its caller after " + fate.took.toMillis() + " ms.")
                    .outcome(fate.handed ? Outcome.UNKNOWN : Outcome.NOT_SENT);
        }
        if (!fate.answered) {
            return unanswered(method, status, said, fate);
        }
        if (status.getCode() == Status.Code.INVALID_ARGUMENT && said.equals(MachineSession.EXPIRED)) {
            return problem(
                    ProblemCode.LEASE_LOST,
                    "The session on the machine had expired, and it had stopped what was moved. Nothing was executed.",
                    Outcome.REJECTED);
        }
        return switch (status.getCode()) {
            case INVALID_ARGUMENT -> problem(ProblemCode.REQUEST_INVALID, said, Outcome.UNKNOWN);
            case FAILED_PRECONDITION -> problem(ProblemCode.MACHINE_PRECONDITION, said, Outcome.UNKNOWN);
            case NOT_FOUND -> problem(ProblemCode.RESOURCE_UNKNOWN, said, Outcome.UNKNOWN);
            case ALREADY_EXISTS, ABORTED -> problem(ProblemCode.MACHINE_CONFLICT, said, Outcome.UNKNOWN);
            case PERMISSION_DENIED -> problem(ProblemCode.MACHINE_REFUSED, said, Outcome.REJECTED);
            case RESOURCE_EXHAUSTED -> exhausted(said);
            case UNIMPLEMENTED ->
                problem(
                        ProblemCode.METHOD_UNIMPLEMENTED,
                        "The machine does not implement " + method + ": " + said,
                        Outcome.REJECTED);
            case UNAUTHENTICATED ->
                problem(ProblemCode.MACHINE_AUTH_FAILED, said, Outcome.REJECTED).retryAfter(SOON);
            case DEADLINE_EXCEEDED -> timeout(method, fate, Outcome.UNKNOWN);
            case UNKNOWN -> unknown(said, fate);
            case INTERNAL ->
                problem(
                        ProblemCode.MACHINE_ERROR,
                        said,
                        said.startsWith("grpc: error unmarshalling request") && !fate.operation
                                ? Outcome.REJECTED
                                : Outcome.UNKNOWN);
            case OK, CANCELLED, DATA_LOSS, OUT_OF_RANGE, UNAVAILABLE ->
                problem(ProblemCode.MACHINE_ERROR, said, Outcome.UNKNOWN);
        };
    }

    private static Problem unanswered(String method, Status status, String said, Fate fate) {
        Outcome outcome = fate.handed ? Outcome.UNKNOWN : Outcome.NOT_SENT;
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return timeout(method, fate, outcome);
        }
        if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
            return bound(method, said, fate, outcome);
        }
        return fate.handed
                ? problem(
                        ProblemCode.CONNECTION_LOST,
                        "The connection to the machine was lost after " + fate.took.toMillis() + " ms while " + method
                                + " was under way (" + said + "). It may or may not have run, and is not sent again.",
                        outcome)
                : problem(
                                ProblemCode.MACHINE_UNREACHABLE,
                                "The connection to the machine is gone (" + said + "). Nothing was sent.",
                                outcome)
                        .retryAfter(SOON);
    }

    /** A bound of our own side, in the words of whoever keeps it: gRPC for the size of an answer, the channel for all else. */
    private static Problem bound(String method, String said, Fate fate, Outcome outcome) {
        if (said.startsWith("gRPC message exceeds")) {
            return problem(
                    ProblemCode.MACHINE_ERROR,
                    "The answer to " + method + " is larger than 32 MiB, which is as much as is read of one: " + said,
                    outcome);
        }
        if (said.startsWith("the request takes") || said.startsWith("the metadata takes")) {
            return problem(ProblemCode.REQUEST_TOO_LARGE, method + " cannot be sent: " + said + ".", outcome);
        }
        return fate.handed
                ? problem(
                        ProblemCode.MACHINE_ERROR,
                        method + " was ended by the gateway after " + fate.took.toMillis() + " ms: " + said
                                + ". It may or may not have run.",
                        outcome)
                : problem(ProblemCode.MACHINE_BUSY, method + " cannot be sent now: " + said + ".", outcome)
                        .retryAfter(SOON);
    }

    private static Problem timeout(String method, Fate fate, Outcome outcome) {
        return problem(
                ProblemCode.CALL_TIMEOUT,
                "The machine did not answer " + method + " within " + fate.took.toMillis()
                        + " ms. Raise Request-Timeout if it needs longer.",
                outcome);
    }

    private static Problem exhausted(String said) {
        if (said.startsWith("grpc: received message larger than max")) {
            return problem(ProblemCode.REQUEST_TOO_LARGE, said, Outcome.REJECTED);
        }
        return problem(ProblemCode.MACHINE_BUSY, said, Outcome.REJECTED).retryAfter(SOON);
    }

    private static Problem unknown(String said, Fate fate) {
        if (said.contains("no node found with api")) {
            return fate.initializing
                    ? problem(
                                    ProblemCode.MACHINE_INITIALIZING,
                                    "The machine is still building its resources: " + said,
                                    Outcome.REJECTED)
                            .retryAfter(SOON)
                    : problem(ProblemCode.RESOURCE_UNKNOWN, said, Outcome.REJECTED);
        }
        if (said.startsWith("resource ") && said.contains(" not available; reason=")) {
            return problem(ProblemCode.RESOURCE_UNAVAILABLE, said, Outcome.REJECTED)
                    .retryAfter(SOON);
        }
        if (said.startsWith("proto: cannot parse") && !fate.operation) {
            // What over HTTP/2 is INTERNAL; over a data channel there is no gRPC server to say so (seen live).
            return problem(ProblemCode.MACHINE_ERROR, said, Outcome.REJECTED);
        }
        if (said.startsWith("missing GRPC status")) {
            return problem(
                    ProblemCode.CONNECTION_LOST,
                    "The machine ended the call without a status, as it does when it shuts down. It may or may not have run.",
                    Outcome.UNKNOWN);
        }
        return problem(ProblemCode.MACHINE_ERROR, said, Outcome.UNKNOWN);
    }

    private static Problem problem(ProblemCode code, String detail, Outcome outcome) {
        return Problem.of(code, detail.isEmpty() ? code.title() + "." : detail).outcome(outcome);
    }
}
