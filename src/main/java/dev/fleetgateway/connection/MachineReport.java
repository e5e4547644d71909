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
 * @param configuration null where it says nothing of it
 * @param partId what its cloud calls it; empty where no cloud manages it, null where it has not said
 * @param software null until it said
 */
public record MachineReport(
        Instant observedAt,
        Duration rtt,
        Lifecycle lifecycle,
        String lifecycleReason,
        List<Resource> resources,
        @Nullable Instant resourcesObservedAt,
        @Nullable Configuration configuration,
        @Nullable String partId,
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

    /**
     * What it said of its configuration. All times are by its own clock.
     *
     * @param updatedAt {@code config.last_updated}: set anew with each reading of it, changed or not, so that it moves while the machine
     *     is in contact with its cloud, and when it starts
     * @param revision of the configuration; empty where it has none
     * @param builtAt when the oldest of its resources came to be: another after a start. Null where it does not say
     * @param busy what may keep it from reading its configuration, in words that follow "because"; empty for nothing
     * @param observedAt when the gateway heard this, by the gateway's clock: an answer may come without it
     * @param askedNanos when the gateway had asked for it, a reading of {@link dev.fleetgateway.time.Time#nanos()}: what is said here
     *     is not older than that, however late it was read
     */
    public record Configuration(
            @Nullable Instant updatedAt,
            String revision,
            @Nullable Instant builtAt,
            String busy,
            Instant observedAt,
            long askedNanos) {}

    /** What runs there. */
    public record Software(String platform, String version, String api) {}
}
