package dev.fleetgateway.route;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A way that may lead to a machine, and what became of it.
 *
 * @param kind as far as the address tells; null while its name has not been resolved
 * @param address what is tried, {@code host:port}
 * @param reason why it is in this state; empty where there is nothing to say
 * @param triedAt when it was last tried, null if never
 */
public record Candidate(
        Route.@Nullable Kind kind,
        Route.Via via,
        Route.Transport transport,
        String address,
        State state,
        String reason,
        @Nullable Instant triedAt) {

    /** What tells it from every other candidate of its machine. */
    public String key() {
        return transport + " " + address;
    }

    /** How good it would be; the smaller, the better. What has not been resolved is the worst. */
    public int rank() {
        return kind == null ? Integer.MAX_VALUE : Route.rank(kind, transport);
    }

    /** Whether it may be dialed at all. */
    public boolean allowed() {
        return state != State.EXCLUDED && kind != null;
    }

    /** The same in another state, with the time it was tried kept. */
    public Candidate as(State state, String reason) {
        return new Candidate(kind, via, transport, address, state, reason, triedAt);
    }

    /** The same in another state, tried at that moment. */
    public Candidate as(State state, String reason, Instant at) {
        return new Candidate(kind, via, transport, address, state, reason, at);
    }

    /** What is known of a candidate. */
    public enum State {
        /** Not tried yet. */
        UNTRIED,
        /** Being dialed. */
        TRYING,
        /** It carries. */
        IN_USE,
        /** Open and answering, beside the one that carries. */
        STANDBY,
        /** The last try failed. */
        FAILED,
        /** The route policy, or this version, does not allow it. */
        EXCLUDED
    }
}
