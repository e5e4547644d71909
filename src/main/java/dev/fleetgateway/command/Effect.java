package dev.fleetgateway.command;

import java.util.Set;

/** What a method may do to the world. */
public enum Effect {
    /** Looks only. */
    READ,
    /** Ends motion. */
    STOP,
    /** All else: may move something. */
    ACT;

    private static final Set<String> STOPS = Set.of("Stop", "StopAll", "StopPlan");

    /** Whether a method stops by its name alone, before anything is known of the machine: such calls are never shed. */
    public static boolean stops(String method) {
        return STOPS.contains(method);
    }
}
