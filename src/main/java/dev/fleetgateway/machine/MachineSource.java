package dev.fleetgateway.machine;

import java.util.List;

/** Somewhere that names machines: the settings, a file, a simulated fleet. */
public interface MachineSource {

    /**
     * The machines it names now. May read a file, so not for an event loop.
     *
     * @throws dev.fleetgateway.problem.SettingsException where it makes no sense, naming the key
     */
    List<Machine> read();

    /** Whether {@link #read} would give something else than last time. Cheap; asked every few seconds. */
    default boolean changed() {
        return false;
    }
}
