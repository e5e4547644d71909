package dev.fleetgateway.machine;

/** Who keeps the sessions of a machine. */
public enum SessionManagement {
    /** The gateway: one session, beaten while the holder of a lease is present. */
    AUTO,
    /** The callers themselves, who bring the id of theirs along. */
    NONE
}
