package dev.fleetgateway.command;

import dev.fleetgateway.access.Audit;
import dev.fleetgateway.lease.Admission;
import dev.fleetgateway.lease.Cut;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.lease.Passage;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One command that may move something: let through by its lease, sent, and answered with what is known of its end. The machine's OK
 * alone is not "done": it says so too of a motion that was stopped, cancelled or replaced (seen live).
 */
final class Act {

    /** Longer than a session takes to die and to be opened anew, and than a stop that has to be waited for. */
    private static final long LONGEST_WAIT_SECONDS = 30;

    /** A machine answers a cancelled call in 10 ms (seen live); one that does not is left to itself. */
    private static final Duration AFTER_CANCEL = Duration.ofMillis(1_200);

    /**
     * The machine gets so much longer than the call may take. It answers OK to a motion that its deadline cuts short, and leaves the
     * power on (seen live), so the gateway has to be the first to end it.
     */
    static final Duration GRACE = Duration.ofSeconds(5);

    private final Admission asked;
    private final Duration timeout;
    private final Function<Passage, Exchange> exchanges;
    private final Audit audit;
    private final Time time;
    private final long begun;
    private final CompletableFuture<PendingCall.Answer> answer = new CompletableFuture<>();
    private volatile @Nullable Passage passage;
    private volatile @Nullable Exchange exchange;
    private volatile boolean cancelled;

    private Act(Admission asked, Duration timeout, Function<Passage, Exchange> exchanges, Audit audit, Time time) {
        this.asked = asked;
        this.timeout = timeout;
        this.exchanges = exchanges;
        this.audit = audit;
        this.time = time;
        this.begun = time.nanos();
    }

    /**
     * Begins it; may block until there is a session.
     *
     * @param timeout how long the machine has from when it is sent
     * @param exchanges sends it over the link and with the session of a passage
     * @throws ProblemException where it was not let through
     */
    static PendingCall begin(
            Admission asked,
            Duration timeout,
            Leases leases,
            Function<Passage, Exchange> exchanges,
            Audit audit,
            Time time) {
        Act act = new Act(asked, timeout, exchanges, audit, time);
        try {
            Passage in = act.await(leases.admit(asked));
            act.passage = in;
            if (act.cancelled) {
                in.cut(Cut.CANCEL);
            }
            act.send(in, false);
        } catch (ProblemException e) {
            act.note(null, e.problem());
            throw e;
        }
        return new Pending(asked.operation(), act.answer, act::cancel);
    }

    private Passage await(CompletableFuture<Passage> admitted) {
        try {
            return admitted.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw ProblemException.of(e.getCause(), "A lease");
        } catch (TimeoutException e) {
            giveBack(admitted);
            throw new ProblemException(Problem.of(
                            ProblemCode.MACHINE_UNREACHABLE,
                            "No session could be opened within " + LONGEST_WAIT_SECONDS + " s. Nothing was sent.")
                    .outcome(Outcome.NOT_SENT)
                    .retryAfter(Duration.ofSeconds(1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveBack(admitted);
            throw new ProblemException(
                    Problem.of(ProblemCode.DRAINING, "This gateway is shutting down. Nothing was sent.")
                            .outcome(Outcome.NOT_SENT)
                            .retryAfter(Duration.ofSeconds(1)));
        }
    }

    /** Let in after all, it is given back unsent. */
    private static void giveBack(CompletableFuture<Passage> admitted) {
        var _ = admitted.thenAccept(late -> {
            var _ = late.ended(Passage.End.UNSENT);
        });
    }

    private void send(Passage through, boolean again) {
        Exchange sent = through.send(() -> exchanges.apply(through));
        exchange = sent;
        Time.Timer limit = time.after(timeout, () -> end(Cut.TIMEOUT));
        var _ = sent.answer().whenComplete((_, _) -> limit.cancel());
        var _ = sent.answer().whenComplete((got, failure) -> ended(through, sent, got, failure, again));
    }

    private void ended(
            Passage through,
            Exchange sent,
            PendingCall.@Nullable Answer got,
            @Nullable Throwable failure,
            boolean again) {
        if (sent.expired() && !again) {
            var _ = through.again().whenComplete((anew, refused) -> {
                if (anew == null) {
                    fail(ProblemException.of(refused, "A lease"));
                    return;
                }
                try {
                    send(anew, true);
                } catch (RuntimeException e) {
                    fail(e);
                }
            });
            return;
        }
        var _ = through.ended(sent.end()).thenAccept(settled -> tell(sent, got, failure, settled));
    }

    private void fail(RuntimeException failure) {
        if (failure instanceof ProblemException known) {
            // The machine had it, and refused it.
            Problem problem = known.problem().outcome(Outcome.REJECTED);
            note(null, problem);
            answer.completeExceptionally(new ProblemException(problem));
        } else {
            answer.completeExceptionally(failure);
        }
    }

    private void tell(
            Exchange sent, PendingCall.@Nullable Answer got, @Nullable Throwable failure, Passage.Settled settled) {
        Problem problem = verdict(sent, failure, settled);
        if (problem != null) {
            Problem told = settled.stop() == null ? problem : problem.with("stop", settled.stop());
            note(null, told);
            answer.completeExceptionally(new ProblemException(told));
        } else if (got != null) {
            note(got, null);
            answer.complete(
                    new PendingCall.Answer(got.json(), got.operation(), got.route(), settled.heldUntil(), got.took()));
        } else {
            answer.completeExceptionally(failure == null ? new IllegalStateException("no end") : failure);
        }
    }

    private @Nullable Problem verdict(Exchange sent, @Nullable Throwable failure, Passage.Settled settled) {
        Passage.End end = sent.end();
        Problem own = ProblemException.cause(failure) instanceof ProblemException known ? known.problem() : null;
        Cut cut = settled.cut();
        if (cut == null) {
            return own;
        }
        boolean limit = cut == Cut.UNLEASED_LIMIT || cut == Cut.LINGER;
        if (own != null && own.outcome() != Outcome.UNKNOWN) {
            return own;
        }
        if (cut == Cut.TIMEOUT) {
            return tooLong(sent.route());
        }
        if (!end.answered() && !limit && own != null) {
            return own.with("by", cut.name());
        }
        // What was answered with an error may not have begun.
        Outcome outcome = end.ok() ? Outcome.INTERRUPTED : Outcome.UNKNOWN;
        Problem interrupted = Problem.of(
                        ProblemCode.CALL_INTERRUPTED,
                        asked.method() + " was cut short after "
                                + time.since(begun).toMillis() + " ms: " + cut.words() + ".")
                .on(asked.machine())
                .outcome(outcome)
                .with("by", cut.name());
        return interrupted.over(own == null ? sent.route() : own.route());
    }

    private Problem tooLong(String route) {
        return Problem.of(
                        ProblemCode.CALL_TIMEOUT,
                        "The machine did not answer " + asked.method() + " within " + timeout.toMillis()
                                + " ms; stop says what became of what it moved. Raise Request-Timeout if it needs longer.")
                .on(asked.machine())
                .over(route)
                .outcome(Outcome.UNKNOWN);
    }

    private void cancel() {
        cancelled = true;
        end(Cut.CANCEL);
    }

    private void end(Cut by) {
        Passage through = passage;
        if (through != null) {
            through.cut(by);
        }
        time.after(AFTER_CANCEL, () -> {
            Exchange sent = exchange;
            if (sent == null || sent.answer().isDone()) {
                return;
            }
            if (by == Cut.TIMEOUT) {
                sent.timeOut();
            } else {
                sent.cancel();
            }
        });
    }

    private void note(PendingCall.@Nullable Answer got, @Nullable Problem problem) {
        Passage through = passage;
        Audit.Line line = audit.line("act", asked.who(), asked.machine())
                .with("method", asked.method())
                .with("resource", asked.resource())
                .with("operation", asked.operation());
        if (through != null) {
            line.with("lease", through.sequence());
        }
        line.with("route", got == null ? null : got.route())
                .with("outcome", problem == null ? Outcome.EXECUTED : problem.outcome())
                .with("code", problem == null ? null : problem.code().code())
                .with("by", problem == null ? null : problem.more().get("by"))
                .with("tookMillis", time.since(begun).toMillis())
                .write();
    }
}
