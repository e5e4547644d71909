package dev.fleetgateway.machine;

import org.jspecify.annotations.Nullable;

/**
 * How the connection to a machine is protected.
 *
 * @param serverName the name its certificate must carry; this, not the address, is the machine's identity
 * @param bundle the Spring SSL bundle to trust, null for the system's trust
 */
public record Tls(Mode mode, String serverName, @Nullable String bundle) {

    /** Whether the connection is encrypted. */
    public enum Mode {
        /** TLS, and the certificate is verified. */
        REQUIRED,
        /** No encryption. Never chosen by itself, and never together with credentials. */
        PLAINTEXT
    }
}
