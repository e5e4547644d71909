package dev.fleetgateway.command;

import java.util.List;

/**
 * One resource and what can be called on it, as {@code GET .../resources} shows it.
 *
 * @param service the gRPC service, empty where it is not known
 * @param methods empty where the service cannot be described; {@code reason} then says why
 */
public record ResourceListing(
        String name, String api, String service, String state, String reason, List<MethodListing> methods) {

    /** Copies the list. */
    public ResourceListing {
        methods = List.copyOf(methods);
    }

    /**
     * One method.
     *
     * @param monitored whether the machine ties it to a session
     * @param sticky whether its motion outlasts its answer
     */
    public record MethodListing(
            String name, Effect effect, boolean monitored, boolean sticky, boolean serverStreaming) {}
}
