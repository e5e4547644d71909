package dev.fleetgateway.simulator;

import java.util.ArrayList;
import java.util.List;

/**
 * What a simulated cloud is to be.
 *
 * @param name in its certificate
 * @param address where it listens, without a port; its certificate names it too
 * @param port zero for any
 * @param keys good at the cloud besides those of its managed machines
 * @param machines those that get their configuration there
 */
public record CloudSpec(
        String name, String address, int port, List<MachineSpec.Key> keys, List<ManagedMachine> machines) {

    /** Copies. */
    public CloudSpec {
        keys = List.copyOf(keys);
        machines = List.copyOf(machines);
    }

    /** A cloud on any port of loopback that knows nobody. */
    public static CloudSpec onLoopback() {
        return new CloudSpec("app.sim.viam.cloud", "127.0.0.1", 0, List.of(), List.of());
    }

    /** The same elsewhere. */
    public CloudSpec at(String otherAddress, int otherPort) {
        return new CloudSpec(name, otherAddress, otherPort, keys, machines);
    }

    /** The same with one key more. */
    public CloudSpec withKey(String id, String secret) {
        return new CloudSpec(name, address, port, and(keys, new MachineSpec.Key(id, secret)), machines);
    }

    /** The same with one managed machine more. */
    public CloudSpec managing(ManagedMachine machine) {
        return new CloudSpec(name, address, port, keys, and(machines, machine));
    }

    private static <T> List<T> and(List<T> some, T more) {
        List<T> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }
}
