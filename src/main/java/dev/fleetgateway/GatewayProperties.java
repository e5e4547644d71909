package dev.fleetgateway;

import dev.fleetgateway.command.CallSettings;
import dev.fleetgateway.machine.MachineSettings;
import dev.fleetgateway.route.RouteSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Everything that is set under {@code gateway}. It is bound as one, so that a misspelt key stops the start; each room then gets
 * its own part.
 *
 * @param machines the fleet, by name
 * @param defaults the same keys as a machine's, for all that do not say
 * @param machinesFile a YAML file with more machines, read again when it changes
 */
@ConfigurationProperties(prefix = "gateway", ignoreUnknownFields = false)
record GatewayProperties(
        @Nullable Map<String, MachineSettings> machines,
        @Nullable MachineSettings defaults,
        @Nullable Path machinesFile,
        @Nullable RouteSettings route,
        @Nullable Call call) {

    /** The keys of {@link CallSettings} as they are written. */
    record Call(
            @Nullable Duration defaultTimeout,
            @Nullable Integer maxInFlightPerResource,
            @Nullable Integer maxInFlightPerCaller,
            @Nullable Integer maxStreamsPerMachine,
            @Nullable List<String> reads,
            @Nullable List<String> allow,
            @Nullable List<Path> descriptors) {

        CallSettings settings() {
            return CallSettings.of(
                    defaultTimeout,
                    maxInFlightPerResource,
                    maxInFlightPerCaller,
                    maxStreamsPerMachine,
                    reads,
                    allow,
                    descriptors);
        }
    }
}
