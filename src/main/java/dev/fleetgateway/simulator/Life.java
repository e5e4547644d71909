package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One life of a machine's process, from start to end: all that a restart forgets. */
final class Life {

    private final MachineSpec spec;
    private final Time time;
    private final Duration starting;
    private final Runnable shutdown;
    private final long born;
    private final Instant bornAt;
    private final Tokens tokens;
    private final Operations operations;
    private final Resources resources;
    private final Sessions sessions;
    private final RequestLimit limit = new RequestLimit();
    private final ConfigHeartbeat heartbeat;
    private volatile @Nullable Signaler signaler;

    /**
     * @param starting how long it is initializing
     * @param shutdown ends this life soon, for the call that asks for it
     */
    Life(MachineSpec spec, Time time, Faults faults, DriverFaults drivers, Duration starting, Runnable shutdown) {
        this.spec = spec;
        this.time = time;
        this.starting = starting;
        this.shutdown = shutdown;
        this.born = time.nanos();
        this.bornAt = time.now();
        this.tokens = new Tokens(spec.key().orElse(null), SimulatedMachine.serverName(spec), time, faults);
        this.operations = new Operations(time);
        this.resources = new Resources(spec.resources(), time, drivers);
        this.sessions = new Sessions(time, spec.window(), resources::stop);
        this.heartbeat = new ConfigHeartbeat(time, spec.managed() && !faults.has(Fault.LOSE_INTERNET));
    }

    MachineSpec spec() {
        return spec;
    }

    Time time() {
        return time;
    }

    Instant bornAt() {
        return bornAt;
    }

    Tokens tokens() {
        return tokens;
    }

    Operations operations() {
        return operations;
    }

    Resources resources() {
        return resources;
    }

    Sessions sessions() {
        return sessions;
    }

    RequestLimit limit() {
        return limit;
    }

    ConfigHeartbeat heartbeat() {
        return heartbeat;
    }

    /** The machine's own signaler, or the error of a machine that answers nobody by WebRTC. */
    Signaler signaler() {
        Signaler own = signaler;
        if (own == null) {
            throw new Refusal(Status.UNIMPLEMENTED.withDescription("Unimplemented"));
        }
        return own;
    }

    /** Has a signaler of its own from now on. */
    void signalsBy(Signaler own) {
        signaler = own;
    }

    boolean initializing() {
        return time.since(born).compareTo(starting) < 0;
    }

    /** Whether resources are known at all: in the first half of initializing they are not. */
    boolean configured() {
        return time.since(born).compareTo(starting.dividedBy(2)) >= 0;
    }

    /** The resource of that name, or the error of a machine that does not have it, or not yet. */
    Component resource(String api, String name) {
        if (initializing() && resources.has(api, name)) {
            throw configured()
                    ? Resources.unavailable(api, name, "resource not initialized yet")
                    : Resources.missing(api, name);
        }
        return resources.find(api, name);
    }

    void shutdown() {
        shutdown.run();
    }

    /** The process is gone; nobody is told, and nothing moves any more. */
    void end() {
        sessions.clear();
        resources.end();
    }
}
