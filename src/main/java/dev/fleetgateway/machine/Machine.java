package dev.fleetgateway.machine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One machine of the fleet as it is configured: what Viam calls a machine part that runs viam-server.
 *
 * @param name the name callers use, {@code [a-z0-9-]}
 * @param address where it is said to be
 * @param addresses further direct addresses under the same TLS name
 * @param labels for selectors
 * @param credentials null where the machine is called without
 * @param dialTimeout the longest a single dial may take
 * @param sessions who keeps its sessions
 * @param signaling how it is reached by WebRTC; null where it is not
 */
public record Machine(
        String name,
        Address address,
        List<Address> addresses,
        Map<String, String> labels,
        RoutePolicy routePolicy,
        @Nullable ApiKey credentials,
        Tls tls,
        Duration dialTimeout,
        SessionManagement sessions,
        @Nullable Signaling signaling) {

    /** Copies the collections, so that a machine never changes. */
    public Machine {
        addresses = List.copyOf(addresses);
        labels = Map.copyOf(labels);
    }
}
