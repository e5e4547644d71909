package dev.fleetgateway.access;

import dev.fleetgateway.problem.SettingsException;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call, as configured under {@code gateway.access}.
 *
 * @param mode how callers prove who they are
 * @param allowedOrigins origins of web pages, beside our own, that may call; each {@code scheme://host[:port]}
 */
public record AccessSettings(
        @DefaultValue("OPEN") Mode mode, @DefaultValue List<String> allowedOrigins) {

    /** How callers prove who they are. */
    public enum Mode {
        /** Not at all: anybody who reaches the port may do all, so only loopback may be listened on. */
        OPEN,
        /** By an API key. */
        KEYS,
        /** By an OpenID Connect token. */
        OIDC
    }

    /** Refuses a mode this version does not have, and whatever is not an origin. */
    public AccessSettings {
        if (mode != Mode.OPEN) {
            throw new SettingsException(
                    "gateway.access.mode",
                    "is %s: this version knows OPEN only, and would let everybody in where you asked it not to"
                            .formatted(mode),
                    "Remove gateway.access.mode or set it to OPEN, and leave server.address on loopback.");
        }
        allowedOrigins = List.copyOf(allowedOrigins);
        for (int i = 0; i < allowedOrigins.size(); i++) {
            if (WebOrigin.parse(allowedOrigins.get(i)).isEmpty()) {
                throw new SettingsException(
                        "gateway.access.allowed-origins[%d]".formatted(i),
                        "is \"%s\" but must be an origin, scheme://host[:port], without a path, a closing slash or a wildcard"
                                .formatted(allowedOrigins.get(i)),
                        "Write it as the browser sends it, such as https://fleet.example.com or http://localhost:5173.");
            }
        }
    }
}
