package dev.fleetgateway.problem;

/** What is known of a command that failed. */
public enum Outcome {
    /** Nothing was handed to the transport. */
    NOT_SENT,
    /** The machine refused it before its handler saw it. */
    REJECTED,
    /** It may or may not have run. It is never sent again by the gateway. */
    UNKNOWN,
    /** It ran to its end, and the failure came after. */
    EXECUTED,
    /** It ran and was stopped before its end. */
    INTERRUPTED
}
