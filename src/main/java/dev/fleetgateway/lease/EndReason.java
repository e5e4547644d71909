package dev.fleetgateway.lease;

/** Why a lease ended, in the words of {@code lease.lost}, {@code lastStop} and the audit. */
public enum EndReason {
    /** Its holder gave it back. */
    RELEASED("given back by its holder"),
    /** Its holder was not heard of for a whole window. */
    EXPIRED("its holder was not heard of within its window"),
    /** Somebody else took it. */
    TAKEN("taken over"),
    /** The socket it was acquired on was closed by its caller, or lost. */
    SOCKET_CLOSED("its socket is gone"),
    /** The last call without a lease ended. */
    CALL_ENDED("its last call ended"),
    /** No session could be opened on the machine. */
    SESSION_LOST("the session on the machine was lost"),
    /** An administrator parked the connection. */
    PARKED("the connection was parked"),
    /** The machine left the fleet. */
    REMOVED("the machine left the fleet"),
    /** The gateway itself stood still. */
    STALLED("the gateway stood still for too long"),
    /** The gateway shuts down. */
    DRAINING("the gateway is shutting down");

    private final String words;

    EndReason(String words) {
        this.words = words;
    }

    /** Part of a sentence for people. */
    String words() {
        return words;
    }

    /** What a call is told that was in flight under it. */
    Cut cut() {
        return this == TAKEN ? Cut.LEASE_TAKEN : Cut.LEASE_LOST;
    }
}
