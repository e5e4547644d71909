package dev.fleetgateway;

import dev.fleetgateway.access.AccessSettings;
import dev.fleetgateway.cloud.CloudSettings;
import dev.fleetgateway.cloudlink.SyncSettings;
import dev.fleetgateway.command.CallSettings;
import dev.fleetgateway.connection.WebRtcSettings;
import dev.fleetgateway.discovery.DiscoverySettings;
import dev.fleetgateway.history.HistorySettings;
import dev.fleetgateway.lease.LeaseSettings;
import dev.fleetgateway.machine.MachineSettings;
import dev.fleetgateway.machine.SignalingSettings;
import dev.fleetgateway.route.RouteSettings;
import dev.fleetgateway.session.SessionSettings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that is set under {@code gateway}. It is bound as one, so that a misspelt key stops the start; each room then gets
 * its own part.
 *
 * @param machines the fleet, by name
 * @param defaults the same keys as a machine's, for all that do not say
 * @param machinesFile a YAML file with more machines, read again when it changes
 * @param signaling how machines of the cloud are reached by WebRTC
 */
@ConfigurationProperties(prefix = "gateway", ignoreUnknownFields = false)
record GatewayProperties(
        @DefaultValue Map<String, MachineSettings> machines,
        @DefaultValue MachineSettings defaults,
        @Nullable Path machinesFile,
        @DefaultValue SignalingSettings signaling,
        @DefaultValue WebRtcSettings webrtc,
        @DefaultValue RouteSettings route,
        @DefaultValue DiscoverySettings discovery,
        @DefaultValue SyncSettings sync,
        @DefaultValue CloudSettings cloud,
        @DefaultValue SessionSettings session,
        @DefaultValue LeaseSettings lease,
        @DefaultValue CallSettings call,
        @DefaultValue AccessSettings access,
        @DefaultValue HistorySettings history) {}
