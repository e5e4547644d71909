package dev.fleetgateway.simulator;

import dev.fleetgateway.peer.Peers;
import dev.fleetgateway.time.Time;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Machines that share what they can: event loops, descriptors, methods, one certificate authority. A machine costs a
 * server socket and its own small state, and no thread.
 *
 * <p>Safe for use by many threads.
 */
public final class SimulatedFleet implements AutoCloseable {

    private final Map<String, SimulatedMachine> machines = new LinkedHashMap<>();
    private final Shared shared;

    private SimulatedFleet(Optional<Peers> peers) {
        shared = new Shared(
                group("simulator-accept", 1),
                group("simulator", Runtime.getRuntime().availableProcessors()),
                new CertificateAuthority("simulated fleet"),
                peers,
                new Announcers());
    }

    /** Starts one machine for each specification. They listen when this returns; if one cannot start, none does. */
    public static SimulatedFleet start(Time time, List<MachineSpec> specs) {
        return start(time, Optional.empty(), specs);
    }

    /** Starts machines that may answer by WebRTC. */
    public static SimulatedFleet start(Time time, Peers peers, List<MachineSpec> specs) {
        return start(time, Optional.of(peers), specs);
    }

    private static SimulatedFleet start(Time time, Optional<Peers> peers, List<MachineSpec> specs) {
        SimulatedFleet fleet = new SimulatedFleet(peers);
        try {
            specs.forEach(spec -> fleet.add(spec, time));
            return fleet;
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    /** Starts machines. */
    public static SimulatedFleet start(Time time, MachineSpec... specs) {
        return start(time, List.of(specs));
    }

    /** All machines in the order of their specifications. */
    public List<SimulatedMachine> machines() {
        return List.copyOf(machines.values());
    }

    /** The machine of that name. */
    public Optional<SimulatedMachine> machine(String name) {
        return Optional.ofNullable(machines.get(name));
    }

    /** The certificate of the authority that signs for machines with TLS. */
    public String caPem() {
        return shared.authority().pem();
    }

    /** Ends all machines and their threads. */
    @Override
    public void close() {
        machines.values().forEach(SimulatedMachine::close);
        machines.values().forEach(SimulatedMachine::awaitClosed);
        shared.announcers().close();
        for (EventLoopGroup group : List.of(shared.boss(), shared.workers())) {
            var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private void add(MachineSpec spec, Time time) {
        if (machines.containsKey(spec.name())) {
            throw new IllegalArgumentException("Two machines are called " + spec.name());
        }
        machines.put(spec.name(), new SimulatedMachine(spec, time, shared));
    }

    /** Event loops on daemon threads. */
    static EventLoopGroup group(String name, int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }
}
