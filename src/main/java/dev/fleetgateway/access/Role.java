package dev.fleetgateway.access;

/** How far a caller may go; each includes the one before. */
public enum Role {
    /** READ calls, the feed, and Stop. */
    VIEWER,
    /** Also ACT calls and leases. */
    OPERATOR,
    /** Also connect, disconnect, discovered, reload, and the machine's own Shutdown and RestartModule. */
    ADMIN
}
