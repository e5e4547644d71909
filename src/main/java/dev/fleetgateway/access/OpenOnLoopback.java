package dev.fleetgateway.access;

import dev.fleetgateway.problem.SettingsException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Stops a start that would let the whole network move machines. It is built before the port is opened. */
@Component
final class OpenOnLoopback {

    /** What may be seen by anybody: none of these changes anything or names a machine. */
    private static final Set<String> FOR_ANYBODY = Set.of("health", "info", "prometheus", "sbom");

    OpenOnLoopback(AccessSettings settings, Environment environment) {
        if (settings.mode() != AccessSettings.Mode.OPEN) {
            return;
        }
        InetAddress address = Binder.get(environment)
                .bind("server.address", InetAddress.class)
                .orElse(null);
        if (address == null) {
            throw refused("server.address", "is not set, which means every address of this host");
        }
        if (!address.isLoopbackAddress()) {
            throw refused("server.address", "is " + environment.getProperty("server.address"));
        }
        if (ManagementPortType.get(environment) == ManagementPortType.DIFFERENT) {
            checkEndpoints(environment);
        }
    }

    // Nobody checks the callers of the second port, nor from which page they come.
    private static void checkEndpoints(Environment environment) {
        String key = "management.endpoints.web.exposure.include";
        for (String endpoint :
                Binder.get(environment).bind(key, Bindable.listOf(String.class)).orElse(List.of())) {
            if (!FOR_ANYBODY.contains(endpoint)) {
                throw new SettingsException(
                        key,
                        "holds '" + endpoint
                                + "', but management.server.port opens a second port, whose callers nobody would check",
                        "Leave only health, info, prometheus and sbom there, or remove management.server.port.");
            }
        }
    }

    private static SettingsException refused(String key, String what) {
        return new SettingsException(
                key,
                what
                        + ", but gateway.access.mode is OPEN: whoever reaches the port may move every machine, so it is only opened on loopback",
                "Remove %s (the default is 127.0.0.1), and put a proxy that checks callers in front for access from elsewhere."
                        .formatted(key));
    }
}
