package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.fleetgateway.connection.CallTracer;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.lease.Passage;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.session.MachineSession;
import dev.fleetgateway.time.Time;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One unary call on the wire: sent once, and what became of it. Knows whether it was handed to the transport, and whether the
 * machine itself ended it, which no status code tells.
 */
final class Exchange extends ClientCall.Listener<DynamicMessage> {

    static final Metadata.Key<String> OPID = Metadata.Key.of("opid", Metadata.ASCII_STRING_MARSHALLER);

    static final Metadata.Key<String> SID = Metadata.Key.of("viam-sid", Metadata.ASCII_STRING_MARSHALLER);

    private static final int LARGE = 64 * 1024;

    private final String machine;
    private final MethodApi method;
    private final String operation;
    private final String route;
    private final Time time;
    private final long begun;
    private final BooleanSupplier initializing;
    private final CompletableFuture<PendingCall.Answer> answer = new CompletableFuture<>();
    private final CallTracer tracer = new CallTracer();
    private final ClientCall<DynamicMessage, DynamicMessage> call;
    private volatile boolean cancelled;
    private volatile boolean overdue;
    private volatile Duration took = Duration.ZERO;
    private volatile boolean operationSeen;
    private volatile boolean succeeded;
    private volatile boolean expired;
    private volatile boolean rejected;
    private volatile boolean wordless;
    private @Nullable DynamicMessage response;

    private Exchange(
            String machine,
            MethodApi method,
            String operation,
            Link link,
            Duration timeout,
            Time time,
            BooleanSupplier initializing) {
        this.machine = machine;
        this.method = method;
        this.operation = operation;
        this.route = link.route().kind().name();
        this.time = time;
        this.begun = time.nanos();
        this.initializing = initializing;
        this.call = link.channel()
                .newCall(
                        method.grpc(),
                        CallOptions.DEFAULT
                                .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                                .withStreamTracerFactory(tracer));
    }

    /** Sends it. The answer comes on an event loop, or at once where the link is broken. */
    static Exchange begin(
            String machine,
            MethodApi method,
            DynamicMessage request,
            Map<String, String> metadata,
            @Nullable String sid,
            String operation,
            Link link,
            Duration timeout,
            Time time,
            BooleanSupplier initializing) {
        Exchange exchange = new Exchange(machine, method, operation, link, timeout, time, initializing);
        Metadata headers = new Metadata();
        headers.put(OPID, operation);
        if (sid != null) {
            headers.put(SID, sid);
        }
        metadata.forEach((key, value) -> headers.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value));
        exchange.call.start(exchange, headers);
        exchange.call.sendMessage(request);
        exchange.call.halfClose();
        // Last, for it wakes the event loop, which would else find nothing to send and fall asleep again.
        exchange.call.request(2);
        return exchange;
    }

    CompletableFuture<PendingCall.Answer> answer() {
        return answer;
    }

    String operation() {
        return operation;
    }

    /** How it ended; of use once the answer is there, or has failed. */
    Passage.End end() {
        return new Passage.End(tracer.handed(), tracer.answered() && !wordless, succeeded, rejected);
    }

    /** What the machine answered; empty unless it said OK. Of use once the answer is there, or has failed. */
    Optional<DynamicMessage> response() {
        return succeeded ? Optional.ofNullable(response) : Optional.empty();
    }

    /** Whether the machine refused it because its session had expired, and for nothing else: then nothing was executed. */
    boolean expired() {
        return expired;
    }

    /** The kind of route it takes. */
    String route() {
        return route;
    }

    /** Its caller is gone, or wants it no more. */
    void cancel() {
        cancelled = true;
        call.cancel("cancelled by the caller", null);
    }

    /** It takes longer than it may, and its caller waits: he is told of that, and never that he cancelled it. */
    void timeOut() {
        overdue = true;
        call.cancel("it took longer than it may", null);
    }

    @Override
    public void onHeaders(Metadata headers) {
        operationSeen = headers.containsKey(OPID);
    }

    @Override
    public void onMessage(DynamicMessage message) {
        response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        DynamicMessage got = response;
        if (status.isOk() && got != null) {
            succeeded = true;
            took = time.since(begun);
            if (got.getSerializedSize() > LARGE) {
                // Writing it takes long, and the thread here is shared by many machines.
                Thread.startVirtualThread(() -> complete(got));
            } else {
                complete(got);
            }
            return;
        }
        // A machine that shuts down ends the answer without a status: the one there is was made up on our side.
        wordless = status.getDescription() != null && status.getDescription().startsWith("missing GRPC status");
        boolean operation = operationSeen || trailers.containsKey(OPID);
        // The exact text, from the machine itself, before it had made an operation of the call (seen live).
        expired = tracer.answered()
                && status.getCode() == Status.Code.INVALID_ARGUMENT
                && MachineSession.EXPIRED.equals(status.getDescription())
                && !operation;
        Status ended = status.isOk()
                ? Status.INTERNAL.withDescription("the machine ended the call without an answer")
                : isOurOwnEnd(status) ? Status.DEADLINE_EXCEEDED : status;
        Problem problem = Failures.of(
                        machine,
                        method.name(),
                        ended,
                        new Failures.Fate(
                                tracer.handed(),
                                tracer.answered(),
                                cancelled,
                                operation,
                                initializing.getAsBoolean(),
                                time.since(begun)))
                .over(route);
        rejected = tracer.answered() && problem.outcome() == Outcome.REJECTED;
        answer.completeExceptionally(new ProblemException(problem));
    }

    private boolean isOurOwnEnd(Status status) {
        return overdue && !cancelled && !tracer.answered() && status.getCode() == Status.Code.CANCELLED;
    }

    private void complete(DynamicMessage got) {
        try {
            ByteString json = Json.write(method, got);
            answer.complete(new PendingCall.Answer(json, operation, route, null, took));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            answer.completeExceptionally(new ProblemException(Problem.of(
                            ProblemCode.MACHINE_ERROR,
                            method.name() + " was answered, but the answer cannot be written as JSON: "
                                    + e.getMessage())
                    .on(machine)
                    .over(route)
                    .outcome(Outcome.EXECUTED)));
        }
    }
}
