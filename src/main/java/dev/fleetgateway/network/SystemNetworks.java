package dev.fleetgateway.network;

import dev.fleetgateway.time.Time;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The networks of this host's own interfaces, looked up again when the last look is some seconds old. */
@Component
public final class SystemNetworks implements Networks {

    private static final Logger log = LoggerFactory.getLogger(SystemNetworks.class);
    private static final Duration KEEP = Duration.ofSeconds(5);

    // Tunnels that do not say of themselves that they are point-to-point.
    private static final Pattern TUNNEL = Pattern.compile("(tun|tap|wg|ppp|tailscale|zt|utun|ipsec|gre|vti).*");

    private final Time time;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Look last;

    private record Look(long at, List<Network> networks) {}

    /** Looks at the interfaces once. */
    public SystemNetworks(Time time) {
        this.time = time;
        this.last = new Look(time.nanos(), look());
    }

    @Override
    public List<Network> onLink() {
        Look look = last;
        if (time.since(look.at).compareTo(KEEP) > 0 && looking.compareAndSet(false, true)) {
            // Listing them takes system calls, and who asks may be on an event loop: the next who asks has the new
            // ones.
            Thread.startVirtualThread(() -> {
                last = new Look(time.nanos(), look());
                looking.set(false);
            });
        }
        return look.networks;
    }

    private static List<Network> look() {
        List<Network> networks = new ArrayList<>();
        try {
            var interfaces = NetworkInterface.getNetworkInterfaces();
            while (interfaces.hasMoreElements()) {
                NetworkInterface each = interfaces.nextElement();
                if (!each.isUp()
                        || each.isPointToPoint()
                        || TUNNEL.matcher(each.getName()).matches()) {
                    continue;
                }
                for (InterfaceAddress address : each.getInterfaceAddresses()) {
                    networks.add(new Network(each.getName(), address.getAddress(), address.getNetworkPrefixLength()));
                }
            }
        } catch (SocketException e) {
            log.warn(
                    "The network interfaces cannot be listed ({}); no address is taken for the LAN until they can",
                    e.getMessage());
        }
        return List.copyOf(networks);
    }
}
