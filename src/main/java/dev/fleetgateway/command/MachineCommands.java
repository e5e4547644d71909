package dev.fleetgateway.command;

import com.google.protobuf.DynamicMessage;
import dev.fleetgateway.access.Audit;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.ConnectionState;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.lease.Admission;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.motion.ActuatorApi;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;
import viam.robot.v1.RobotServiceGrpc;

/** Sends commands over the machines' connections. */
@Component
final class MachineCommands implements Commands {

    private static final Duration MOST_TIMEOUT = Duration.ofHours(1);

    private final Connections connections;
    private final CallSettings settings;
    private final Time time;
    private final DescriptorPool pool;
    private final ModularDescriptors modular;
    private final CallLimits limits;
    private final SharedReads shared;
    private final CallMeters meters;
    private final Leases leases;
    private final Audit audit;
    private final OperationIds operations = new OperationIds();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile Listener listener = Listener.NOBODY;

    /**
     * What is kept of a machine.
     *
     * @param software what the API was learnt from; another version means learning it anew
     * @param commands counts STOPs and ACTs as they begin and end
     */
    private record Known(MachineReport.Software software, MachineApi api, AtomicLong commands) {}

    MachineCommands(
            Connections connections, Leases leases, Audit audit, CallSettings settings, Time time, CallMeters meters) {
        this.connections = connections;
        this.leases = leases;
        this.audit = audit;
        this.settings = settings;
        this.time = time;
        this.meters = meters;
        this.pool = new DescriptorPool(Set.copyOf(settings.reads()));
        this.modular = new ModularDescriptors(settings.descriptors(), pool);
        this.limits = new CallLimits(settings);
        this.shared = new SharedReads(time::nanos);
        connections.listen(new Connections.Listener() {
            @Override
            public void changed(Connection.Snapshot snapshot) {
                // What is known of a machine is looked up when it is called.
            }

            @Override
            public void removed(String machine) {
                known.remove(machine);
            }
        });
    }

    @Override
    public void listen(Listener one) {
        listener = one;
    }

    @Override
    public PendingCall call(Call call) {
        long begun = time.nanos();
        try {
            return measured(call, begun, begin(call));
        } catch (ProblemException e) {
            // Nothing says yet that there is a method of that name: a caller may have made it up.
            meters.refused(Effect.stops(call.method()) ? call.method() : "-", e.problem());
            throw e;
        }
    }

    private PendingCall begin(Call call) {
        Connection connection = connection(call.machine());
        boolean ownSessions = connection.machine().sessions() == SessionManagement.NONE;
        if (call.session() != null && !ownSessions) {
            throw Json.invalid(
                    "Viam-Sid", "Viam-Sid is not taken: the gateway keeps the sessions of this machine itself.");
        }
        // A stop is told by its name, before anything else, so that no load can keep it out.
        CallLimits.Permit caller = Effect.stops(call.method())
                ? () -> {}
                : limits.ofCaller(call.who().caller());
        try {
            PendingCall pending = begin(call, connection, ownSessions);
            var _ = pending.answer().whenComplete((_, _) -> caller.release());
            return pending;
        } catch (RuntimeException e) {
            caller.release();
            throw e instanceof ProblemException problem
                    ? new ProblemException(problem.problem().on(call.machine()))
                    : e;
        }
    }

    private PendingCall begin(Call call, Connection connection, boolean ownSessions) {
        Link link = link(connection);
        Known machine = known(connection);
        MethodApi method = method(call, link, machine.api, ownSessions);
        DynamicMessage request = named(call.target(), method, Json.read(method, call.json()));
        Effect effect = Effects.stops(method, request) ? Effect.STOP : method.effect();
        checkHold(call, method, effect);
        if (effect == Effect.ACT && !Effects.keepsSession(method.service(), method.name())) {
            return act(connection, link, machine, call, method, request);
        }
        if (effect == Effect.STOP) {
            Resource stopped = target(call, link, machine.api, method, request);
            leases.stopping(call.who(), call.machine(), call.lease(), stopped);
            audit.line("stop.call", call.who(), call.machine())
                    .with("method", method.name())
                    .with("resource", stopped)
                    .write();
        } else if (call.lease() != null) {
            var _ = leases.renew(call.who(), call.machine(), call.lease());
        }
        Duration timeout = timeout(call, settings.defaultTimeout());
        return effect == Effect.READ
                ? read(connection, link, machine, call, method, request, timeout)
                : plain(connection, link, machine, call, method, request, timeout);
    }

    private void checkHold(Call call, MethodApi method, Effect effect) {
        Duration hold = call.hold();
        if (hold == null) {
            return;
        }
        if (effect != Effect.ACT || !method.sticky() || call.lease() != null) {
            throw Json.invalid(
                    "hold",
                    "hold is for commands without a lease whose motion outlasts their answer, such as SetPower.");
        }
        if (hold.isZero() || hold.compareTo(settings.maxHold()) > 0) {
            throw Json.invalid(
                    "hold",
                    "hold is " + hold.toMillis() + " ms, but must be more than 0 and at most "
                            + settings.maxHold().toMillis()
                            + " ms (gateway.call.max-hold). For longer, acquire a lease.");
        }
    }

    /** What may move something: through the lease's gate, over the lease's link, with its session. */
    private PendingCall act(
            Connection connection, Link link, Known machine, Call call, MethodApi method, DynamicMessage request) {
        Duration asked = timeout(call, settings.actTimeout());
        // The gateway itself ends it at its limit; the machine's deadline only guards against one that cannot be ended.
        Duration most = call.lease() != null || connection.machine().sessions() == SessionManagement.NONE
                ? asked
                : shorter(asked, settings.maxUnleasedMotion());
        Admission admission = new Admission(
                call.who(),
                call.machine(),
                call.lease(),
                target(call, link, machine.api, method, request),
                method.name(),
                operations.next(),
                method.sticky(),
                method.monitored(),
                call.hold(),
                settings.maxUnleasedMotion(),
                call.session(),
                call.present());
        CallLimits.Permit place = limits.onMachine(call.machine(), resource(call.target(), method, request));
        machine.commands.incrementAndGet();
        try {
            PendingCall pending = Act.begin(
                    admission,
                    asked,
                    leases,
                    passage -> {
                        Exchange exchange = Exchange.begin(
                                call.machine(),
                                method,
                                request,
                                call.metadata(),
                                passage.sid(),
                                admission.operation(),
                                passage.link(),
                                most.plus(Act.GRACE),
                                time,
                                () -> initializing(connection));
                        var _ = exchange.answer()
                                .whenComplete((_, _) -> exchange.response()
                                        .flatMap(got -> SentOn.errand(method, admission.resource(), request, got))
                                        .ifPresent(errand -> listener.sent(call.machine(), errand)));
                        return exchange;
                    },
                    audit,
                    time);
            var _ = pending.answer().whenComplete((_, _) -> {
                machine.commands.incrementAndGet();
                place.release();
            });
            return pending;
        } catch (RuntimeException e) {
            place.release();
            throw e;
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** What a request names, as leases and stops know it. */
    private static Resource target(Call call, Link link, MachineApi api, MethodApi method, DynamicMessage request) {
        return switch (call.target()) {
            case Target.Resource(var of, var name) -> new Resource(of, name);
            case Target.ShortForm target -> new Resource(api.api(link, target), target.name());
            case Target.Service(var service) -> {
                String known = ActuatorApi.apiOf(service);
                String served = known == null ? api.apiOf(service) : known;
                var field = method.nameField();
                yield new Resource(
                        served == null ? service : served,
                        field == null ? "" : String.valueOf(request.getField(field)));
            }
        };
    }

    private PendingCall read(
            Connection connection,
            Link link,
            Known machine,
            Call call,
            MethodApi method,
            DynamicMessage request,
            Duration timeout) {
        SharedReads.Key key = new SharedReads.Key(
                call.machine(),
                link,
                method.fullName(),
                request.toByteString(),
                withSession(call),
                timeout,
                machine.commands.get());
        return shared.join(key, () -> {
            CallLimits.Permit place = limits.onMachine(call.machine(), resource(call.target(), method, request));
            try {
                Exchange exchange = exchange(connection, link, call, method, request, timeout);
                var _ = exchange.answer().whenComplete((_, _) -> place.release());
                return exchange;
            } catch (RuntimeException e) {
                place.release();
                throw e;
            }
        });
    }

    /** What is neither shared nor asked for a lease: stops, and the sessions of callers who keep them themselves. */
    private PendingCall plain(
            Connection connection,
            Link link,
            Known machine,
            Call call,
            MethodApi method,
            DynamicMessage request,
            Duration timeout) {
        machine.commands.incrementAndGet();
        Exchange exchange = exchange(connection, link, call, method, request, timeout);
        var _ = exchange.answer().whenComplete((_, _) -> {
            machine.commands.incrementAndGet();
            if (SentOn.callsBack(method) && exchange.response().isPresent()) {
                listener.calledBack(call.machine());
            }
        });
        return new Pending(exchange.operation(), exchange.answer(), exchange::cancel);
    }

    private Exchange exchange(
            Connection connection, Link link, Call call, MethodApi method, DynamicMessage request, Duration timeout) {
        return Exchange.begin(
                call.machine(),
                method,
                request,
                call.metadata(),
                call.session(),
                operations.next(),
                link,
                timeout,
                time,
                () -> initializing(connection));
    }

    // Under another session it is another call.
    private static Map<String, String> withSession(Call call) {
        if (call.session() == null) {
            return call.metadata();
        }
        Map<String, String> metadata = new HashMap<>(call.metadata());
        metadata.put("viam-sid", call.session());
        return metadata;
    }

    private static boolean initializing(Connection connection) {
        MachineReport report = connection.snapshot().report();
        return report != null && report.lifecycle() == MachineReport.Lifecycle.INITIALIZING;
    }

    private PendingCall measured(Call call, long begun, PendingCall pending) {
        var _ = pending.answer().whenComplete((_, failure) -> meters.ended(call.method(), failure, time.since(begun)));
        return pending;
    }

    private static Duration timeout(Call call, Duration otherwise) {
        Duration asked = call.timeout();
        if (asked == null) {
            return otherwise;
        }
        if (asked.isNegative() || asked.isZero() || asked.compareTo(MOST_TIMEOUT) > 0) {
            throw Json.invalid("timeout", "The timeout must be more than 0 and at most 1h.");
        }
        return asked;
    }

    private MethodApi method(Call call, Link link, MachineApi api, boolean ownSessions) {
        String service = switch (call.target()) {
            case Target.Service(var name) -> name;
            case Target.Resource(var of, var _) -> api.serviceOf(link, of);
            case Target.ShortForm shortForm -> api.serviceOf(link, api.api(link, shortForm));
        };
        boolean allowed = settings.allow().contains(service + "/" + call.method())
                || (ownSessions && Effects.keepsSession(service, call.method()));
        if (Effects.closed(service, call.method()) && !allowed) {
            throw refused(
                    ProblemCode.METHOD_CLOSED,
                    service + "/" + call.method()
                            + " is closed: sessions, operations and tunnels have doors of their own.");
        }
        MethodApi method = api.service(link, service)
                .method(call.method())
                .orElseThrow(() -> refused(
                        ProblemCode.METHOD_UNKNOWN, service + " has no method " + call.method() + " on this machine."));
        checkKind(call, method);
        return method;
    }

    private static void checkKind(Call call, MethodApi method) {
        if (method.serverStreaming()) {
            throw refused(
                    ProblemCode.NOT_ACCEPTABLE,
                    method.name() + " answers with a stream, which a single JSON answer cannot carry.");
        }
        if (!method.unary()) {
            throw refused(ProblemCode.NOT_AVAILABLE_HERE, method.name() + " takes a stream of requests.");
        }
        if (call.viaGet() && !method.viaGet()) {
            throw new ProblemException(Problem.of(
                            ProblemCode.METHOD_NOT_ALLOWED,
                            method.name()
                                    + " cannot be called by GET: only methods that look and whose HTTP rule is a get can.")
                    .with("allow", "POST")
                    .outcome(Outcome.NOT_SENT));
        }
    }

    private static ProblemException refused(ProblemCode code, String detail) {
        return new ProblemException(Problem.of(code, detail).outcome(Outcome.NOT_SENT));
    }

    /** The request with the resource's name in it; the raw way is passed on whole. */
    private static DynamicMessage named(Target target, MethodApi method, DynamicMessage request) {
        String name = switch (target) {
            case Target.Service _ -> null;
            case Target.Resource(var _, var of) -> of;
            case Target.ShortForm(var _, var _, var of) -> of;
        };
        if (name == null) {
            return request;
        }
        var field = method.nameField();
        if (field == null) {
            throw Json.invalid(
                    "name", method.name() + " names no resource; call it as /rpc/" + method.fullName() + " instead.");
        }
        Object said = request.getField(field);
        if (!"".equals(said) && !name.equals(said)) {
            throw Json.invalid(
                    field.getJsonName(),
                    field.getJsonName() + " is '" + said + "', but the path says '" + name
                            + "'. Leave it out of the body.");
        }
        return request.toBuilder().setField(field, name).build();
    }

    private static String resource(Target target, MethodApi method, DynamicMessage request) {
        var field = method.nameField();
        return field == null || (target instanceof Target.Service && "".equals(request.getField(field)))
                ? method.service()
                : method.service() + "/" + request.getField(field);
    }

    private Connection connection(String machine) {
        return connections
                .connection(machine)
                .orElseThrow(() -> new ProblemException(
                        Problem.of(ProblemCode.MACHINE_UNKNOWN, "There is no machine named '" + machine + "'.")
                                .outcome(Outcome.NOT_SENT)));
    }

    private Link link(Connection connection) {
        return connection.link().orElseThrow(() -> {
            ConnectionState state = connection.snapshot().state();
            Duration wait = state instanceof ConnectionState.TransientFailure failure
                    ? Duration.between(time.now(), failure.nextAttemptAt())
                    : Duration.ofSeconds(1);
            Problem problem = Problem.of(
                            ProblemCode.MACHINE_UNREACHABLE,
                            state.ready()
                                    ? "The connection to "
                                            + connection.machine().name() + " has just closed. Nothing was sent."
                                    : connection.machine().name() + " is " + state.word() + " since " + state.since()
                                            + ": " + state.reason() + ". Nothing was sent.")
                    .outcome(Outcome.NOT_SENT);
            return new ProblemException(
                    problem.retryAfter(wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait));
        });
    }

    private Known known(Connection connection) {
        MachineReport report = connection.snapshot().report();
        MachineReport.Software software = report == null || report.software() == null ? NO_SOFTWARE : report.software();
        String name = connection.machine().name();
        Known now = known.get(name);
        if (now != null && now.software.equals(software)) {
            return now;
        }
        return known.compute(
                name,
                (_, old) -> old != null && old.software.equals(software)
                        ? old
                        : new Known(
                                software,
                                new MachineApi(name, pool, modular, time),
                                old == null ? new AtomicLong() : old.commands));
    }

    private static final MachineReport.Software NO_SOFTWARE = new MachineReport.Software("", "", "");

    @Override
    public int inFlight(String machine) {
        return limits.onMachine(machine);
    }

    @Override
    public List<ResourceListing> resources(String machine) {
        Connection connection = connection(machine);
        Link link = link(connection);
        CallLimits.Permit place = limits.onMachine(machine, RobotServiceGrpc.SERVICE_NAME);
        try {
            return Listings.of(connection, link, known(connection).api);
        } finally {
            place.release();
        }
    }
}
