package dev.fleetgateway.history;

/** What of a machine is written down: each is a chain of entries of its own. */
public enum Part {
    /** Whether it can be reached. */
    CONNECTION,
    /** The way that carries. */
    ROUTE,
    /** Whether its data is being uploaded. */
    SYNC,
    /** Who may move it. */
    LEASE,
    /** How far it is in its own life. */
    LIFECYCLE
}
