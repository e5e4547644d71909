package dev.fleetgateway.command;

import dev.fleetgateway.problem.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationStyle;

/**
 * How calls are made.
 *
 * @param defaultTimeout how long a machine has for a call that does not say, 10 s; 100 ms to 10 min
 * @param actTimeout the same for a command that may move something, 10 min, since a motion may take long; 100 ms to 1 h
 * @param maxUnleasedMotion how long a command without a lease may move something, 10 s; a caller who hangs up is not reliably seen
 * @param maxHold the longest that {@code hold} may ask for, 5 s
 * @param maxInFlightPerResource calls in flight on one resource of a machine, 60; the machine itself allows 100 to all its callers
 *     together
 * @param maxInFlightPerCaller calls in flight of one caller, 100
 * @param maxStreamsPerMachine calls in flight on one machine, 150; the machine's connection has 250 and presence, stop and status
 *     need some of them
 * @param reads further methods that look only, {@code full.service.Name/Method}
 * @param allow methods to be opened though they are closed on the raw way
 * @param descriptors files with a {@code FileDescriptorSet}, for modular APIs that machines cannot describe
 */
public record CallSettings(
        @DefaultValue("10s") Duration defaultTimeout,
        @DefaultValue("10m") Duration actTimeout,
        @DefaultValue("10s") Duration maxUnleasedMotion,
        @DefaultValue("5s") Duration maxHold,
        @DefaultValue("60") int maxInFlightPerResource,
        @DefaultValue("100") int maxInFlightPerCaller,
        @DefaultValue("150") int maxStreamsPerMachine,
        @DefaultValue List<String> reads,
        @DefaultValue List<String> allow,
        @DefaultValue List<Path> descriptors) {

    private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9_.]+/[A-Za-z0-9_]+");

    /** Refuses what makes no sense. */
    public CallSettings {
        reads = List.copyOf(reads);
        allow = List.copyOf(allow);
        descriptors = List.copyOf(descriptors);
        duration("default-timeout", defaultTimeout, Duration.ofMillis(100), Duration.ofMinutes(10), "10s");
        duration("act-timeout", actTimeout, Duration.ofMillis(100), Duration.ofHours(1), "10m");
        duration("max-unleased-motion", maxUnleasedMotion, Duration.ofMillis(500), Duration.ofMinutes(1), "10s");
        duration("max-hold", maxHold, Duration.ofMillis(100), Duration.ofSeconds(30), "5s");
        range(
                "max-in-flight-per-resource",
                maxInFlightPerResource,
                90,
                "the machine allows 100 to all its callers, Stop included");
        range("max-in-flight-per-caller", maxInFlightPerCaller, 10_000, "it protects the other callers");
        range(
                "max-streams-per-machine",
                maxStreamsPerMachine,
                200,
                "a connection has 250, and presence, stop and status need some");
        methods("reads", reads);
        methods("allow", allow);
    }

    private static void duration(String key, Duration value, Duration least, Duration most, String otherwise) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new SettingsException(
                    "gateway.call." + key,
                    "is " + value.toMillis() + " ms, but must be from " + DurationStyle.SIMPLE.print(least) + " to "
                            + DurationStyle.SIMPLE.print(most),
                    "Leave it out for " + otherwise + ".");
        }
    }

    private static void range(String key, int value, int most, String because) {
        if (value < 1 || value > most) {
            throw new SettingsException(
                    "gateway.call." + key,
                    "is " + value + ", but must be from 1 to " + most + ": " + because,
                    "Leave it out for the default.");
        }
    }

    private static void methods(String key, List<String> methods) {
        for (int i = 0; i < methods.size(); i++) {
            if (!METHOD.matcher(methods.get(i)).matches()) {
                throw new SettingsException(
                        "gateway.call." + key + "[" + i + "]",
                        "is '" + methods.get(i) + "', which is no full method name",
                        "Write it like acme.gizmo.v1.GizmoService/Peek.");
            }
        }
    }
}
