package dev.fleetgateway.route;

import dev.fleetgateway.network.Networks;
import dev.fleetgateway.problem.SettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a route is chosen.
 *
 * @param headStart how long a better candidate is tried alone before the next is tried beside it; 0 to 10 s
 * @param hysteresis how long a better route must stay open and answering before it is moved to; 0 to 10 min
 * @param lanNetworks networks to be taken for the LAN though not on-link, such as {@code 10.42.0.0/16}
 */
public record RouteSettings(
        @DefaultValue("300ms") Duration headStart,
        @DefaultValue("10s") Duration hysteresis,
        @DefaultValue List<String> lanNetworks) {

    /** Refuses what makes no sense. */
    public RouteSettings {
        lanNetworks = List.copyOf(lanNetworks);
        if (headStart.isNegative() || headStart.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new SettingsException(
                    "gateway.route.head-start",
                    "is " + headStart.toMillis() + " ms, but must be from 0 to 10s",
                    "Leave it out for 300ms.");
        }
        if (hysteresis.isNegative() || hysteresis.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new SettingsException(
                    "gateway.route.hysteresis",
                    "is " + hysteresis.toMillis() + " ms, but must be from 0 to 10m",
                    "Leave it out for 10s.");
        }
        var _ = networks(lanNetworks);
    }

    /** The same networks, read. */
    public List<Networks.Network> networks() {
        return networks(lanNetworks);
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
