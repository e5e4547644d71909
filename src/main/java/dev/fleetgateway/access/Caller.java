package dev.fleetgateway.access;

import java.util.List;

/**
 * Whoever uses a door, and what he may do there.
 *
 * @param name for limits, leases and the record
 * @param machines a label selector; a machine outside it does not exist for him
 * @param methods patterns of the methods he may call; {@code *} is all
 */
public record Caller(String name, Role role, String machines, List<String> methods) {

    /** Everybody, where access is {@code OPEN}: may do all, on all machines. */
    public static final Caller ANONYMOUS = new Caller("anonymous", Role.ADMIN, "", List.of("*"));

    /** Copies the patterns, so that a caller never changes. */
    public Caller {
        methods = List.copyOf(methods);
    }
}
