package dev.fleetgateway.network;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The networks of this host's own interfaces, looked at once a second: Java has no way to be told when they change. */
@Component
public final class SystemNetworks implements Networks, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SystemNetworks.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    // Tunnels that do not say of themselves that they are point-to-point.
    private static final Pattern TUNNEL = Pattern.compile("(tun|tap|wg|ppp|tailscale|zt|utun|ipsec|gre|vti).*");

    private final Time time;
    private final Host host;
    private final boolean inCluster;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock looking = new ReentrantLock();
    private final ReentrantLock telling = new ReentrantLock();

    @GuardedBy("looking")
    private boolean blind;

    private volatile Look last = new Look(List.of(), List.of());
    private volatile boolean closed;

    private record Look(List<Interface> interfaces, List<Network> onLink) {}

    /** Where the interfaces are listed. */
    @FunctionalInterface
    interface Host {

        /** Those that are up. */
        List<Interface> interfaces() throws SocketException;
    }

    /** Looks at the interfaces once, and then again and again. */
    @Autowired
    public SystemNetworks(Time time) {
        this(time, SystemNetworks::list, System.getenv("KUBERNETES_SERVICE_HOST") != null);
    }

    SystemNetworks(Time time, Host host, boolean inCluster) {
        this.time = time;
        this.host = host;
        this.inCluster = inCluster;
        if (inCluster) {
            log.info(
                    "In a Kubernetes cluster nothing but loopback and gateway.route.lan-networks is taken for the LAN");
        }
        looking.lock();
        try {
            var _ = lookChanged();
        } finally {
            looking.unlock();
        }
        lookLater();
    }

    @Override
    public List<Network> onLink() {
        return last.onLink;
    }

    @Override
    public List<Interface> interfaces() {
        return last.interfaces;
    }

    @Override
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public List<Network> look() {
        looking.lock();
        try {
            if (lookChanged()) {
                Thread.startVirtualThread(this::tell);
            }
            return last.onLink;
        } finally {
            looking.unlock();
        }
    }

    private void tell() {
        telling.lock();
        try {
            for (Runnable listener : listeners) {
                try {
                    listener.run();
                } catch (RuntimeException e) {
                    log.error("A listener failed to follow a change of the network interfaces", e);
                }
            }
        } finally {
            telling.unlock();
        }
    }

    @GuardedBy("looking")
    private boolean lookChanged() {
        Look look;
        try {
            List<Interface> interfaces = host.interfaces();
            look = new Look(interfaces, onLink(interfaces));
            blind = false;
        } catch (SocketException e) {
            if (!blind) {
                log.warn(
                        "The network interfaces cannot be listed ({}); no address is taken for the LAN until they can",
                        e.getMessage());
            }
            blind = true;
            look = new Look(List.of(), List.of());
        }
        boolean changed = !look.equals(last);
        last = look;
        return changed;
    }

    private List<Network> onLink(List<Interface> interfaces) {
        return interfaces.stream()
                .filter(each -> inCluster ? each.loopback() : !each.tunnel())
                .flatMap(each -> each.addresses().stream())
                .toList();
    }

    private void lookLater() {
        var _ = time.after(LOOK_EVERY, () -> Thread.startVirtualThread(this::lookAgain));
    }

    private void lookAgain() {
        if (closed) {
            return;
        }
        try {
            var _ = look();
        } finally {
            lookLater();
        }
    }

    private static List<Interface> list() throws SocketException {
        List<Interface> interfaces = new ArrayList<>();
        var all = NetworkInterface.getNetworkInterfaces();
        while (all.hasMoreElements()) {
            NetworkInterface each = all.nextElement();
            List<InterfaceAddress> addresses = each.getInterfaceAddresses();
            if (addresses.isEmpty()) {
                // Nobody is reached over it, and a host may have hundreds: ports of bridges.
                continue;
            }
            try {
                if (each.isUp()) {
                    interfaces.add(of(each, addresses));
                }
            } catch (SocketException e) {
                // It was taken away since it was listed.
                log.debug("{} is gone", each.getName(), e);
            }
        }
        return List.copyOf(interfaces);
    }

    private static Interface of(NetworkInterface each, List<InterfaceAddress> addresses) throws SocketException {
        List<Network> networks = addresses.stream()
                .map(address -> new Network(each.getName(), address.getAddress(), address.getNetworkPrefixLength()))
                .toList();
        return new Interface(
                each.getName(),
                each.getIndex(),
                each.isLoopback(),
                each.supportsMulticast(),
                each.isPointToPoint() || TUNNEL.matcher(each.getName()).matches(),
                networks);
    }

    /** Stops looking. */
    @Override
    public void close() {
        closed = true;
    }
}
