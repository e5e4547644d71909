package dev.fleetgateway.machine;

import dev.fleetgateway.problem.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One machine as it is written in the settings; everything but the address may be left out. The same keys serve as defaults
 * for all machines.
 *
 * @param address host:port, ip:port or a host name; without a port 8080 is meant, where viam-server listens
 * @param addresses further direct addresses, tried under the same TLS name
 * @param labels for selectors; those of the defaults are added
 * @param routePolicy default {@code PREFER_LAN}
 * @param credentials none: the machine is called without
 * @param tls default: required, verified by the system's trust against the address
 * @param dialTimeout the longest one dial may take, 20 s by default
 * @param session who keeps its sessions; the gateway by default
 * @param signaling how it is reached by WebRTC; by default a machine of the cloud is, and another is not
 */
public record MachineSettings(
        @Nullable String address,
        @Nullable List<String> addresses,
        @Nullable Map<String, String> labels,
        @Nullable RoutePolicy routePolicy,
        @Nullable CredentialSettings credentials,
        @Nullable TlsSettings tls,
        @Nullable Duration dialTimeout,
        @Nullable SessionChoice session,
        @Nullable SignalingSettings signaling) {

    /** Nothing said. */
    public static final MachineSettings NONE =
            new MachineSettings(null, null, null, null, null, null, null, null, null);

    private static final Duration DEFAULT_DIAL_TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** An API key: its id, and the key itself or the file that holds it. */
    public record CredentialSettings(
            @Nullable String id,
            @Nullable String key,
            @Nullable Path keyFile) {

        /** Names the id and never the key. */
        @Override
        public String toString() {
            return "credentials of " + id;
        }
    }

    /** Who keeps the sessions; see {@link SessionManagement}. */
    public record SessionChoice(@Nullable SessionManagement management) {}

    /** How the connection is protected; see {@link Tls}. */
    public record TlsSettings(
            Tls.@Nullable Mode mode,
            @Nullable String serverName,
            @Nullable String bundle) {}

    /** The machine these settings describe, where there is no signaling server for all: one that names none is not signaled. */
    public Machine toMachine(String key, String name, MachineSettings defaults) {
        return machine(key, name, defaults, null);
    }

    /**
     * The machine these settings describe.
     *
     * @param key where they stand, such as {@code gateway.machines.rover-1}, for errors
     * @param signalingForAll what machines of the cloud are reached by that do not say
     * @throws SettingsException naming the key that is wrong
     */
    public Machine toMachine(String key, String name, MachineSettings defaults, SignalingSettings signalingForAll) {
        return machine(key, name, defaults, signalingForAll);
    }

    private Machine machine(
            String key, String name, MachineSettings defaults, @Nullable SignalingSettings signalingForAll) {
        if (!NAME.matcher(name).matches()) {
            throw new SettingsException(
                    key,
                    "is no name for a machine: a name is 1 to 63 of a-z, 0-9 and -, and neither begins nor ends with -",
                    "Rename it; what people call it can go into a label.");
        }
        Address at = address(key + ".address", address);
        List<String> further =
                addresses != null ? addresses : defaults.addresses != null ? defaults.addresses : List.of();
        List<Address> more = new ArrayList<>();
        for (int i = 0; i < further.size(); i++) {
            more.add(address(key + ".addresses[" + i + "]", further.get(i)));
        }
        Map<String, String> allLabels = new LinkedHashMap<>();
        if (defaults.labels != null) {
            allLabels.putAll(defaults.labels);
        }
        if (labels != null) {
            allLabels.putAll(labels);
        }
        Labels.check(key + ".labels", allLabels);
        Tls how = tls(tls, defaults.tls, at);
        ApiKey apiKey = apiKey(key + ".credentials", credentials != null ? credentials : defaults.credentials);
        if (apiKey != null && how.mode() == Tls.Mode.PLAINTEXT) {
            throw new SettingsException(
                    key + ".tls.mode",
                    "is PLAINTEXT, but the machine has credentials, and a key never travels over plaintext",
                    "Give the machine a certificate, or take the credentials away.");
        }
        Duration timeout = dialTimeout != null
                ? dialTimeout
                : defaults.dialTimeout != null ? defaults.dialTimeout : DEFAULT_DIAL_TIMEOUT;
        if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new SettingsException(
                    key + ".dial-timeout",
                    "is " + timeout.toMillis() + " ms, but must be from 100ms to 5m",
                    "Leave it out for 20s.");
        }
        RoutePolicy policy = routePolicy != null
                ? routePolicy
                : defaults.routePolicy != null ? defaults.routePolicy : RoutePolicy.PREFER_LAN;
        Signaling signaled =
                new SignalingChoice(key, signaling, defaults.signaling, signalingForAll).of(at, how, apiKey != null);
        return new Machine(name, at, more, allLabels, policy, apiKey, how, timeout, sessions(defaults), signaled);
    }

    private SessionManagement sessions(MachineSettings defaults) {
        if (session != null && session.management != null) {
            return session.management;
        }
        return defaults.session != null && defaults.session.management != null
                ? defaults.session.management
                : SessionManagement.AUTO;
    }

    private static Address address(String key, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new SettingsException(
                    key, "is missing", "Say where the machine is: host:port, ip:port or a host name.");
        }
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(key, "is " + e.getMessage(), "Write it like 10.0.0.7:8080 or rover.lab:8080.");
        }
    }

    private static Tls tls(@Nullable TlsSettings own, @Nullable TlsSettings defaults, Address address) {
        Tls.Mode mode = own != null && own.mode != null
                ? own.mode
                : defaults != null && defaults.mode != null ? defaults.mode : Tls.Mode.REQUIRED;
        String bundle = own != null && own.bundle != null ? own.bundle : defaults != null ? defaults.bundle : null;
        String name = own != null && own.serverName != null
                ? own.serverName
                : defaults != null && defaults.serverName != null ? defaults.serverName : address.host();
        return new Tls(mode, name, bundle);
    }

    /**
     * The key that such settings describe; null where there are none.
     *
     * @param key where they stand, such as {@code gateway.cloud.credentials}
     * @throws SettingsException naming the key that is wrong
     */
    public static @Nullable ApiKey apiKey(String key, @Nullable CredentialSettings settings) {
        if (settings == null) {
            return null;
        }
        String id = settings.id;
        if (id == null || id.isBlank()) {
            throw new SettingsException(
                    key + ".id", "is missing", "Give the id of the API key, or no credentials at all.");
        }
        String inline = settings.key;
        Path file = settings.keyFile;
        if ((inline == null || inline.isBlank()) == (file == null)) {
            throw new SettingsException(
                    key,
                    "need exactly one of key and key-file",
                    "Give the key itself, best as ${VARIABLE}, or the file that holds it.");
        }
        if (file == null) {
            return new ApiKey(id, new KeySources.Inline(inline == null ? "" : inline));
        }
        ApiKey.KeySource source = new KeySources.File(file);
        try {
            var _ = source.read();
        } catch (IllegalStateException e) {
            throw new SettingsException(
                    key + ".key-file", "cannot be used: " + e.getMessage(), "Mend the file or its path.");
        }
        return new ApiKey(id, source);
    }
}
