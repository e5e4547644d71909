package dev.fleetgateway.history;

import org.jspecify.annotations.Nullable;

/**
 * How one part of a machine stands. Two that are equal are no change.
 *
 * @param state its word: as in the picture, for a route its kind or {@code NONE}, for a lease {@code HELD} or {@code FREE}
 * @param via of a route
 * @param transport of a route
 * @param peer of a route
 * @param holder of a lease
 * @param sequence of a lease
 * @param protection of a lease
 */
public record Standing(
        String state,
        @Nullable String via,
        @Nullable String transport,
        @Nullable String peer,
        @Nullable String holder,
        @Nullable Long sequence,
        @Nullable String protection) {

    static Standing of(String state) {
        return new Standing(state, null, null, null, null, null, null);
    }

    static Standing route(String kind, String via, String transport, String peer) {
        return new Standing(kind, via, transport, peer, null, null, null);
    }

    static Standing lease(String holder, long sequence, String protection) {
        return new Standing("HELD", null, null, null, holder, sequence, protection);
    }
}
