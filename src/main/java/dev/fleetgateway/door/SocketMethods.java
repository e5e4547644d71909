package dev.fleetgateway.door;

import com.google.protobuf.ByteString;
import dev.fleetgateway.access.Visit;
import dev.fleetgateway.command.Call;
import dev.fleetgateway.command.PendingCall;
import dev.fleetgateway.command.Target;
import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.status.Cursor;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** What can be asked on a socket. */
final class SocketMethods {

    private static final Logger log = LoggerFactory.getLogger(SocketMethods.class);
    private static final byte[] EMPTY = {'{', '}'};

    /** What may set something in motion, or be presence for it: not done late. */
    static final Set<String> MOVES = Set.of("call", "lease.acquire", "lease.take", "lease.resume", "lease.beat");

    private final Stops stops;
    private final Streams streams;
    private final SocketLeases leases;

    SocketMethods(Stops stops, Streams streams, SocketLeases leases) {
        this.stops = stops;
        this.streams = streams;
        this.leases = leases;
    }

    /**
     * Does what is asked, without waiting for a machine.
     *
     * @return the result; null where it comes later
     * @throws RpcException where the request is not as it should be
     * @throws ProblemException where it cannot be done
     */
    byte @Nullable [] handle(Socket socket, RpcRequest request) {
        RpcParams params = request.params();
        return switch (request.method()) {
            case "subscribe" -> subscribe(socket, request.id(), params);
            case "unsubscribe" -> {
                params.only();
                socket.outbox().unfollow();
                yield EMPTY;
            }
            case "call" -> call(socket, request.id(), params);
            case "cancel" -> {
                params.only("call");
                yield Json.bytes(Map.of("cancelled", socket.calls().cancel(params.id("call"))));
            }
            case "stop" -> stop(socket, request.id(), params);
            case "lease.acquire" -> {
                leases.acquire(socket, answered(request), params);
                yield null;
            }
            case "lease.take" -> {
                leases.take(socket, answered(request), params);
                yield null;
            }
            case "lease.resume" -> {
                leases.resume(socket, answered(request), params);
                yield null;
            }
            case "lease.release" -> {
                leases.release(socket, request.id(), params);
                yield null;
            }
            case "lease.beat" -> leases.beat(socket, params);
            case "ping" -> {
                params.only();
                yield EMPTY;
            }
            default ->
                throw new RpcException(
                        RpcException.METHOD_NOT_FOUND, "There is no method '%s' here".formatted(request.method()));
        };
    }

    private static String answered(RpcRequest request) {
        String id = request.id();
        if (id == null) {
            throw new RpcException(
                    RpcException.INVALID_REQUEST, "'%s' needs an 'id': it has an answer".formatted(request.method()));
        }
        return id;
    }

    private static byte @Nullable [] subscribe(Socket socket, @Nullable String id, RpcParams params) {
        params.only("selector", "since");
        Selector chosen = params.has("selector") ? params.read("selector", Selector::parse) : Selector.ALL;
        JsonNode place = params.object("since");
        Cursor since = null;
        if (place != null) {
            RpcParams members = new RpcParams(place);
            members.only("epoch", "seq");
            since = new Cursor(members.text("epoch"), members.number("seq"));
        }
        socket.follow(chosen, since, id == null ? null : RpcReply.result(id, EMPTY));
        return null;
    }

    private byte @Nullable [] call(Socket socket, @Nullable String id, RpcParams params) {
        params.only("machine", "resource", "method", "request", "lease", "holdMillis", "timeoutMillis");
        if (id == null) {
            throw new RpcException(RpcException.INVALID_REQUEST, "A call needs an 'id': it has an answer");
        }
        Target target = params.read("resource", Target.Resource::parse);
        JsonNode body = params.object("request");
        Call call = new Call(
                params.text("machine"),
                target,
                params.text("method"),
                body == null ? ByteString.EMPTY : ByteString.copyFrom(Json.bytes(body)),
                params.millis("timeoutMillis"),
                Map.of(),
                false,
                socket.visit(),
                params.optionalText("lease"),
                params.millis("holdMillis"),
                null,
                () -> true);
        if (streams.draining()) {
            throw new ProblemException(Problem.of(ProblemCode.DRAINING, "This gateway is shutting down; use another")
                    .on(call.machine())
                    .outcome(Outcome.NOT_SENT)
                    .retryAfter(Duration.ofSeconds(1)));
        }
        socket.calls().begin(id, call, new CallReply(socket));
        return null;
    }

    private byte @Nullable [] stop(Socket socket, @Nullable String id, RpcParams params) {
        params.only("machine", "selector");
        if (params.has("machine") == params.has("selector")) {
            throw RpcException.params("machine", "Either 'machine' or 'selector' must be given; \"\" selects all");
        }
        Visit who = socket.visit();
        Supplier<Object> stop;
        if (params.has("machine")) {
            String machine = params.text("machine");
            stop = () -> stops.machine(machine, who, null, socket.seat());
        } else {
            Selector chosen = params.read("selector", Selector::parse);
            stop = () -> stops.fleet(chosen, who, null, socket.seat());
        }
        // A thread for each, without a limit: a stop is never refused, and none lasts longer than its verdict is waited
        // for.
        Thread.ofVirtual().name("socket-stop").start(() -> answerStop(socket, id, stop));
        return null;
    }

    private static void answerStop(Socket socket, @Nullable String id, Supplier<Object> stop) {
        byte[] answer;
        String to = id == null ? "null" : id;
        try {
            answer = RpcReply.result(to, Json.bytes(stop.get()));
        } catch (ProblemException e) {
            answer = RpcReply.problem(to, e.problem());
        } catch (RuntimeException e) {
            log.error("A stop on a socket failed in an unforeseen way", e);
            answer = RpcReply.problem(
                    to, Problem.of(ProblemCode.INTERNAL, "The gateway failed, and the machine may not have been told"));
        }
        if (id != null) {
            socket.say(answer);
        }
    }

    private record CallReply(Socket socket) implements SocketCalls.Reply {

        @Override
        public void answer(String id, PendingCall.Answer answer) {
            byte[] result = new Json.Pieces()
                    .raw("{\"response\":")
                    .raw(answer.json().toByteArray())
                    .raw(",\"operation\":")
                    .value(answer.operation())
                    .raw(",\"route\":")
                    .value(answer.route())
                    .raw(answer.heldUntil() == null ? "" : ",\"heldUntil\":\"" + answer.heldUntil() + "\"")
                    .raw("}")
                    .done();
            socket.say(RpcReply.result(id, result));
        }

        @Override
        public void problem(String id, Problem problem) {
            socket.say(RpcReply.problem(id, problem));
        }
    }
}
