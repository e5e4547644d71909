package dev.fleetgateway.door;

import dev.fleetgateway.command.Call;
import dev.fleetgateway.command.Commands;
import dev.fleetgateway.command.Effect;
import dev.fleetgateway.command.PendingCall;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of one socket that have not been answered. They end with it. */
final class SocketCalls {

    private static final Logger log = LoggerFactory.getLogger(SocketCalls.class);

    private final Commands commands;
    private final int limit;
    private final Semaphore permits;
    private final ConcurrentMap<String, InFlight> inFlight = new ConcurrentHashMap<>();
    private volatile boolean closed;

    SocketCalls(Commands commands, int limit) {
        this.commands = commands;
        this.limit = limit;
        this.permits = new Semaphore(limit);
    }

    /**
     * Begins a call on a thread of its own, since the machine may have to be asked for descriptors first.
     *
     * @param id of the request, by which it can be cancelled
     * @param reply told the answer, exactly once
     */
    void begin(String id, Call call, Reply reply) {
        // A stop is never refused for what else is going on.
        boolean counted = !Effect.stops(call.method());
        if (counted && !permits.tryAcquire()) {
            throw new ProblemException(Problem.of(
                            ProblemCode.TOO_MANY_CALLS,
                            "This socket has %d calls in flight, which is as many as one may have".formatted(limit))
                    .on(call.machine())
                    .outcome(Outcome.NOT_SENT));
        }
        InFlight begun = new InFlight(id, reply, counted);
        if (inFlight.putIfAbsent(id, begun) != null) {
            begun.release();
            throw new RpcException(
                    RpcException.INVALID_REQUEST, "A call with the id %s is in flight already".formatted(id));
        }
        Thread.ofVirtual().name("socket-call").start(() -> begun.run(call));
    }

    /** Cancels a call; false where there is none of that id. What it may have set in motion goes on. */
    boolean cancel(String id) {
        InFlight call = inFlight.get(id);
        if (call == null) {
            return false;
        }
        call.cancel();
        return true;
    }

    /** Cancels all of them, and whatever is begun after. */
    void close() {
        closed = true;
        inFlight.values().forEach(InFlight::cancel);
    }

    int size() {
        return inFlight.size();
    }

    /** How a call is answered. */
    interface Reply {
        void answer(String id, PendingCall.Answer answer);

        void problem(String id, Problem problem);
    }

    private final class InFlight {

        private final String id;
        private final boolean counted;
        private final Reply reply;
        private volatile @Nullable PendingCall pending;
        private volatile boolean cancelled;

        InFlight(String id, Reply reply, boolean counted) {
            this.counted = counted;
            this.id = id;
            this.reply = reply;
        }

        void run(Call call) {
            try {
                PendingCall begun = commands.call(call.whilePresent(() -> !cancelled && !closed));
                pending = begun;
                if (cancelled || closed) {
                    begun.cancel();
                }
                var _ = begun.answer().whenComplete(this::done);
            } catch (RuntimeException e) {
                done(null, e);
            }
        }

        private void release() {
            if (counted) {
                permits.release();
            }
        }

        void cancel() {
            cancelled = true;
            PendingCall begun = pending;
            if (begun != null) {
                begun.cancel();
            }
        }

        private void done(PendingCall.@Nullable Answer answer, @Nullable Throwable failed) {
            if (!inFlight.remove(id, this)) {
                return;
            }
            release();
            if (answer != null) {
                reply.answer(id, answer);
            } else {
                reply.problem(id, problem(failed));
            }
        }

        private static Problem problem(@Nullable Throwable failed) {
            Throwable cause = ProblemException.cause(failed);
            if (cause instanceof ProblemException problem) {
                return problem.problem();
            }
            log.error("A call on a socket failed in an unforeseen way", cause);
            return Problem.of(ProblemCode.INTERNAL, "The gateway failed; its log says more");
        }
    }
}
