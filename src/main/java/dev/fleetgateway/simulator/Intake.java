package dev.fleetgateway.simulator;

import com.google.protobuf.Message;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gates that every call passes, in the order of a real machine: authentication, the message itself, the limit of calls
 * in flight, the session, the operation; only then the resource. Each gate's refusal shows in which headers it lacks.
 */
final class Intake extends HandlerRegistry {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final Life life;
    private final Faults faults;
    private final Recorder recorder;

    Intake(Life life, Faults faults, Recorder recorder) {
        this.life = life;
        this.faults = faults;
        this.recorder = recorder;
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String path, @Nullable String authority) {
        Method method = Services.method(path);
        return ServerMethodDefinition.create(method.wire(), (call, headers) -> start(method, call, headers));
    }

    private ServerCall.Listener<Inbound> start(Method method, ServerCall<Inbound, Message> wire, Metadata headers) {
        recorder.count();
        try {
            boolean authenticates = method.kind() == Method.Kind.AUTHENTICATE;
            if (authenticates && life.spec().key().isEmpty()) {
                return unknown(wire, headers);
            }
            String caller = authenticates ? "" : life.tokens().caller(headers);
            return pass(method, wire, headers, caller, life.spec().key().isPresent());
        } catch (Refusal refusal) {
            return refuse(wire, refusal.status(), new Metadata());
        }
    }

    /**
     * Takes a call by a data channel. To have agreed on one is the permission to call: nobody authenticates there.
     *
     * @param owner whose its sessions are
     */
    ServerCall.Listener<Inbound> startAgreed(
            Method method, ServerCall<Inbound, Message> wire, Metadata headers, String owner) {
        recorder.count();
        return method.kind() == Method.Kind.AUTHENTICATE
                ? unknown(wire, headers)
                : pass(method, wire, headers, owner, false);
    }

    private ServerCall.Listener<Inbound> pass(
            Method method, ServerCall<Inbound, Message> wire, Metadata headers, String caller, boolean authenticates) {
        return switch (method.kind()) {
            case UNKNOWN -> unknown(wire, headers);
            case REFLECTION_V1, REFLECTION_V1ALPHA ->
                new ReflectionCall(life, faults, method, wire, headers, authenticates);
            case UNARY, SERVER_STREAM, AUTHENTICATE -> {
                wire.request(2);
                yield new OneRequest(new Arrival(method, wire, headers, caller), this::enter);
            }
        };
    }

    // A real machine takes what it does not know for a stream, and a stream is an operation.
    private static ServerCall.Listener<Inbound> unknown(ServerCall<Inbound, Message> wire, Metadata headers) {
        Metadata answer = new Metadata();
        answer.put(Operations.OPID, Operations.idFrom(headers));
        return refuse(wire, Status.UNIMPLEMENTED.withDescription("Unimplemented"), answer);
    }

    private static ServerCall.Listener<Inbound> refuse(
            ServerCall<Inbound, Message> wire, Status status, Metadata answer) {
        wire.sendHeaders(answer);
        wire.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** Takes one call whose request is complete. */
    private void enter(Arrival arrival, @Nullable Inbound inbound) {
        if (arrival.method().kind() == Method.Kind.AUTHENTICATE) {
            authenticate(arrival, inbound);
        } else {
            faults.travel(arrival.method().path(), () -> admit(arrival, inbound));
        }
    }

    private static Message read(@Nullable Inbound inbound) {
        return switch (inbound) {
            case Inbound.Read read -> read.message();
            case Inbound.Garbled garbled -> throw new Refusal(garbled.status());
            case Inbound.TooLarge large ->
                throw new Refusal(
                        Status.RESOURCE_EXHAUSTED.withDescription("grpc: received message larger than max (%d vs. %d)"
                                .formatted(large.bytes(), Inbound.MOST_BYTES)));
            case null -> throw new Refusal(Status.INTERNAL.withDescription("grpc: no message received"));
        };
    }

    private void authenticate(Arrival arrival, @Nullable Inbound inbound) {
        ServerCall<Inbound, Message> wire = arrival.wire();
        faults.admit(arrival.method().path(), new Faults.Held(() -> {
            try {
                Message answer = Services.authenticate(life, read(inbound), arrival.headers());
                wire.sendHeaders(new Metadata());
                wire.sendMessage(answer);
                wire.close(Status.OK, new Metadata());
            } catch (Refusal refusal) {
                refuse(wire, refusal.status(), new Metadata());
            }
        }));
    }

    private void admit(Arrival arrival, @Nullable Inbound inbound) {
        Method method = arrival.method();
        String target = "";
        try {
            Message request = read(inbound);
            target = method.targetOf(request);
            String limited = limitKey(method, target);
            if (!limited.isEmpty()) {
                life.limit().enter(limited);
            }
            if (method.monitored() && life.spec().sessions()) {
                life.sessions().whenFree(() -> protect(arrival, request));
            } else {
                arrival.letIn(begin(arrival, request, null));
            }
        } catch (Refusal refusal) {
            refuse(arrival, target, refusal);
        }
    }

    /** The gate of monitored calls. */
    private void protect(Arrival arrival, Message request) {
        Method method = arrival.method();
        String target = method.targetOf(request);
        try {
            String resource = life.resources().has(method.api(), target) ? method.api() + '/' + target : null;
            String sid = life.sessions().monitored(arrival.headers(), resource, arrival.holder());
            if (sid == null) {
                recorder.countDisarming();
            }
            arrival.letIn(begin(arrival, request, sid));
        } catch (Refusal refusal) {
            leave(limitKey(method, target));
            refuse(arrival, target, refusal);
        }
    }

    private void refuse(Arrival arrival, String target, Refusal refusal) {
        if (recorder.on()) {
            note(arrival, target, "").became(RecordedCall.State.REFUSED, Optional.ofNullable(refusal.getMessage()));
        }
        refuse(arrival.wire(), refusal.status(), new Metadata());
    }

    private Recorder.Entry note(Arrival arrival, String target, String opid) {
        return recorder.note(new RecordedCall(
                arrival.method().path(),
                target,
                opid,
                Optional.ofNullable(arrival.headers().get(Sessions.SID)),
                life.time().now(),
                Optional.empty(),
                RecordedCall.State.RUNNING,
                Optional.empty()));
    }

    /** Begins a call that has passed all gates. */
    private Call begin(Arrival arrival, Message request, @Nullable String sid) {
        Method method = arrival.method();
        String target = method.targetOf(request);
        String limited = limitKey(method, target);
        Operation operation = life.operations().begin(Operations.idFrom(arrival.headers()), '/' + method.path(), sid);
        Runnable release = () -> {
            leave(limited);
            life.operations().end(operation);
        };
        Recorder.Entry entry = recorder.on() ? note(arrival, target, operation.id()) : null;
        Call call = new Call(arrival.wire(), operation, arrival.holder(), arrival.headers(), release, entry);
        if (faults.concern(method.path())) {
            Faults.Held held = new Faults.Held(() -> run(method, request, call));
            operation.whenCancelled(() -> {
                faults.drop(held);
                call.fail(Status.CANCELLED.withDescription("context canceled"));
            });
            faults.admit(method.path(), held);
        } else {
            run(method, request, call);
        }
        return call;
    }

    private void run(Method method, Message request, Call call) {
        try {
            if (method.action() == null
                    || (RobotApi.isOfSessions(method) && !life.spec().sessions())) {
                throw new Refusal(
                        Status.UNIMPLEMENTED.withDescription("method " + method.shortName() + " not implemented"));
            }
            method.action().run(life, request, call);
        } catch (Refusal refusal) {
            call.fail(refusal.status());
        } catch (RuntimeException defect) {
            // The call must end all the same, or its place among the calls in flight would be lost for good.
            log.error("{} failed", method.path(), defect);
            call.fail(Status.INTERNAL.withDescription("the simulator failed: " + defect));
        }
    }

    private void leave(String limited) {
        if (!limited.isEmpty()) {
            life.limit().leave(limited);
        }
    }

    // Streams are not counted, and of the machine's own services only RobotService is.
    private static String limitKey(Method method, String target) {
        if (method.kind() != Method.Kind.UNARY) {
            return "";
        }
        if (method.api().isEmpty()) {
            return method.path().startsWith(RobotApi.SERVICE) ? method.limit() : "";
        }
        return target.isEmpty() ? "" : target + '.' + method.limit();
    }
}
