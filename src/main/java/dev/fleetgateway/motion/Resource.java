package dev.fleetgateway.motion;

/**
 * One resource of a machine.
 *
 * @param api {@code namespace:type:subtype}, such as {@code rdk:component:motor}; the full name of a gRPC service where a caller
 *     named only that
 * @param name as the machine lists it; empty for a service that has no resources
 */
public record Resource(String api, String name) {

    /** {@code rdk:component:motor/m1}, as callers see it. */
    @Override
    public String toString() {
        return name.isEmpty() ? api : api + "/" + name;
    }
}
