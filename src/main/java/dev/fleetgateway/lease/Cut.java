package dev.fleetgateway.lease;

/**
 * What cut a call short: all but {@code TIMEOUT} and {@code SETTLING} are the word {@code by} of {@code call-interrupted}.
 */
public enum Cut {
    /** Somebody stopped the machine. */
    STOP("the machine was stopped"),
    /** It was not sent yet when the gateway began to stop what had moved before; told as {@code resource-unavailable}. */
    SETTLING("what had moved was being stopped"),
    /** Its caller cancelled it, or hung up. */
    CANCEL("its caller cancelled it"),
    /** It took longer than its caller had said; told as {@code call-timeout}. */
    TIMEOUT("it took longer than it may"),
    /** Its lease ended, or the session that protected it did. */
    LEASE_LOST("its lease ended"),
    /** Its lease was taken over. */
    LEASE_TAKEN("its lease was taken over"),
    /** Another call moved the same resource. */
    REPLACED("another call moved the same resource"),
    /** Without a lease it may not take so long. */
    UNLEASED_LIMIT("a call without a lease may not move anything for longer"),
    /** It was answered, but what it moved went on for too long. */
    LINGER("what it moved still moved after its answer");

    private final String words;

    Cut(String words) {
        this.words = words;
    }

    /** Part of a sentence for people. */
    public String words() {
        return words;
    }
}
