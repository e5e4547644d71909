package dev.fleetgateway.history;

/** Why an entry holds no longer. */
public enum End {
    /** Another one followed. */
    CHANGED,
    /** The machine left the fleet. */
    REMOVED,
    /** The gateway that watched was stopped, and said so. */
    GATEWAY_STOPPED,
    /** The gateway that watched was lost: this is the last moment of which it is known that it did. */
    GATEWAY_LOST
}
