package dev.fleetgateway.cloud;

import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.machine.MachineSettings;
import dev.fleetgateway.machine.MachineSettings.CredentialSettings;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.problem.SettingsException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the Viam cloud is asked what it sees of the fleet. Without credentials it is not asked.
 *
 * @param address of its API; without a port 443 is meant
 * @param organization whose machines are asked for; by default every organization that the key is good for
 * @param credentials an API key of the organization
 * @param refresh how old a machine's configuration may be before it is read there again, 1m to 1d; they are read one after the
 *     other, so that a fleet of thousands takes longer
 * @param tls default: the system's trust, against the address
 */
public record CloudSettings(
        @DefaultValue("app.viam.com:443") String address,
        @Nullable String organization,
        @Nullable CredentialSettings credentials,
        @DefaultValue("5m") Duration refresh,
        @Nullable TlsSettings tls) {

    private static final int DEFAULT_PORT = 443;

    /** How the way to the cloud is protected; it is never plaintext, since a key travels on it. */
    public record TlsSettings(
            @Nullable String serverName, @Nullable String bundle) {}

    /** Refuses what makes no sense. */
    public CloudSettings {
        if (refresh.compareTo(Duration.ofMinutes(1)) < 0 || refresh.compareTo(Duration.ofDays(1)) > 0) {
            throw new SettingsException(
                    "gateway.cloud.refresh",
                    "is " + refresh.toMillis() + " ms, but must be from 1m to 1d",
                    "Leave it out for 5m.");
        }
        var _ = at(address);
    }

    /** Whether the cloud is to be asked. */
    public boolean used() {
        return credentials != null;
    }

    /** Where it is. */
    public Address at() {
        return at(address);
    }

    private static Address at(String text) {
        try {
            return Address.parse(text, DEFAULT_PORT);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(
                    "gateway.cloud.address", "is " + e.getMessage(), "Leave it out for app.viam.com:443.");
        }
    }

    /** How the way to it is protected. */
    Tls protection() {
        String name = tls == null || tls.serverName == null ? at().host() : tls.serverName;
        return new Tls(Tls.Mode.REQUIRED, name, bundle());
    }

    /** The SSL bundle it is verified by; null for the system's trust. */
    public @Nullable String bundle() {
        return tls == null ? null : tls.bundle;
    }

    /**
     * The key.
     *
     * @throws SettingsException where it is not good
     */
    @Nullable
    ApiKey key() {
        return MachineSettings.apiKey("gateway.cloud.credentials", credentials);
    }
}
