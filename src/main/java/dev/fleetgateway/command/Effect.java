package dev.fleetgateway.command;

/** What a method may do to the world. */
public enum Effect {
    /** Looks only. */
    READ,
    /** Ends motion. */
    STOP,
    /** All else: may move something. */
    ACT
}
