package dev.fleetgateway.lease;

/** What stops a machine when its holder is gone. */
public enum Protection {
    /** The machine's own session, as far as the gateway knows. */
    ACTIVE,
    /**
     * The same, after it was lost and begun anew: what moved before has been stopped, nothing was sent again, and no command has
     * succeeded since that it would guard.
     */
    RESTARTED,
    /** A stop keeps the holder from moving anything. */
    STOPPED,
    /** The gateway alone: the machine keeps no sessions. */
    GATEWAY_ONLY,
    /** Nothing: there is no session now, and nothing is sent. */
    NONE
}
