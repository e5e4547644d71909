package dev.fleetgateway.route;

import dev.fleetgateway.problem.SettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a route is chosen.
 *
 * @param headStart how long a better candidate is tried alone before the next is tried beside it; 0 to 10 s
 * @param lanNetworks networks to be taken for the LAN though not on-link, such as {@code 10.42.0.0/16}
 */
public record RouteSettings(
        @Nullable Duration headStart, @Nullable List<String> lanNetworks) {

    private static final Duration DEFAULT_HEAD_START = Duration.ofMillis(300);

    /** Refuses what makes no sense. */
    public RouteSettings {
        headStart = headStart == null ? DEFAULT_HEAD_START : headStart;
        lanNetworks = lanNetworks == null ? List.of() : List.copyOf(lanNetworks);
        if (headStart.isNegative() || headStart.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new SettingsException(
                    "gateway.route.head-start",
                    "is " + headStart.toMillis() + " ms, but must be from 0 to 10s",
                    "Leave it out for 300ms.");
        }
        networks(lanNetworks);
    }

    /** The same networks, read. */
    public List<Networks.Network> networks() {
        return networks(lanNetworks == null ? List.of() : lanNetworks);
    }

    /** The head start, never null. */
    public Duration headStartOrDefault() {
        return headStart == null ? DEFAULT_HEAD_START : headStart;
    }

    private static List<Networks.Network> networks(List<String> texts) {
        List<Networks.Network> networks = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            try {
                networks.add(Networks.Network.parse(texts.get(i)));
            } catch (IllegalArgumentException e) {
                throw new SettingsException(
                        "gateway.route.lan-networks[" + i + "]", "is " + e.getMessage(), "Write it like 10.42.0.0/16.");
            }
        }
        return networks;
    }
}
