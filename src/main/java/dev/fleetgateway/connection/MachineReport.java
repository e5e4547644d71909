package dev.fleetgateway.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a machine said of itself in answer to the gateway's last polls.
 *
 * @param observedAt when the gateway had the answer
 * @param rtt how long the last poll took, there and back
 * @param resourcesObservedAt when the machine last listed its resources; null if it never did
 * @param configUpdatedAt {@code GetMachineStatus.config.last_updated}, by the machine's clock: moves while it reaches the cloud
 * @param software null until it said
 */
public record MachineReport(
        Instant observedAt,
        Duration rtt,
        Lifecycle lifecycle,
        String lifecycleReason,
        List<Resource> resources,
        @Nullable Instant resourcesObservedAt,
        @Nullable Instant configUpdatedAt,
        @Nullable Software software) {

    /** Copies the list, so that a report never changes. */
    public MachineReport {
        resources = List.copyOf(resources);
    }

    /** How far a machine is in its own life. */
    public enum Lifecycle {
        /** Up, but its resources are still being built. */
        INITIALIZING,
        /** All built. */
        RUNNING,
        /** It said that it is going. */
        STOPPING,
        /** It does not say. */
        UNKNOWN
    }

    /**
     * One resource as the machine lists it, the machine's own internal ones left out.
     *
     * @param api such as {@code rdk:component:motor}
     * @param state such as {@code READY}, {@code UNHEALTHY}
     * @param reason the machine's own words where it is not ready
     */
    public record Resource(String api, String name, String state, String reason) {}

    /** What runs there. */
    public record Software(String platform, String version, String api) {}
}
