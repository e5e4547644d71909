package dev.fleetgateway.discovery;

import dev.fleetgateway.problem.SettingsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where machines are looked for on the gateway's own networks.
 *
 * @param mdns whether they are
 * @param interfaces names or IPv4 addresses of the interfaces to listen and ask at; none: every one that is up and can, and
 *     loopback
 * @param knownFile where the last known good addresses are kept; empty: nowhere; default: in the user's folder for state
 */
public record DiscoverySettings(
        @DefaultValue("true") boolean mdns,
        @DefaultValue List<String> interfaces,
        @Nullable String knownFile) {

    private static final String KNOWN_FILE = "gateway.discovery.known-file";

    // The longest name that Windows, macOS and Linux give an interface is below it.
    private static final Pattern INTERFACE = Pattern.compile("[^\\s/]{1,64}");

    /** Refuses what makes no sense. */
    public DiscoverySettings {
        interfaces = List.copyOf(interfaces);
        for (int i = 0; i < interfaces.size(); i++) {
            String key = "gateway.discovery.interfaces[" + i + "]";
            String name = interfaces.get(i);
            if (!INTERFACE.matcher(name).matches()) {
                throw new SettingsException(
                        key,
                        "is '" + name + "', which is neither the name of an interface nor its address",
                        "Write it like eth0 or 10.0.0.5, without a prefix length.");
            }
            if (name.indexOf(':') >= 0) {
                throw new SettingsException(
                        key,
                        "is '" + name + "', but machines announce themselves by IPv4 only",
                        "Give the interface's name or its IPv4 address.");
            }
            if (interfaces.indexOf(name) < i) {
                throw new SettingsException(key, "is '" + name + "' once more", "Name each interface once.");
            }
        }
        if (knownFile != null && !knownFile.isBlank()) {
            try {
                var _ = Path.of(knownFile);
            } catch (InvalidPathException e) {
                throw new SettingsException(
                        KNOWN_FILE, "is '" + knownFile + "', which is no path: " + e.getReason(), "Mend the path.");
            }
        }
    }

    /** The file in which the last known good addresses are kept; empty if they are not. */
    public Optional<Path> file() {
        if (knownFile != null) {
            return knownFile.isBlank() ? Optional.empty() : Optional.of(Path.of(knownFile));
        }
        String state = System.getenv("XDG_STATE_HOME");
        // By its specification a relative one does not count.
        Path folder = state != null && Path.of(state).isAbsolute()
                ? Path.of(state)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return Optional.of(folder.resolve("fleet-gateway").resolve("known-addresses.json"));
    }
}
