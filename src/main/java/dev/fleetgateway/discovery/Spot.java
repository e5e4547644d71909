package dev.fleetgateway.discovery;

import dev.fleetgateway.network.Networks;
import java.net.Inet4Address;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A spot to listen at: one IPv4 address of one interface.
 *
 * @param network the interface's name
 * @param index the system's number for it
 */
record Spot(String network, int index, Inet4Address address) {

    /** At one time; each takes three threads and a socket. */
    static final int MOST = 64;

    /**
     * Where to listen, at most {@value #MOST} spots.
     *
     * @param interfaces those that are up
     * @param named names or addresses of those that are meant; none: loopback, and all that can, but for tunnels, whose other
     *     end is no network of this gateway
     */
    static Set<Spot> among(List<Networks.Interface> interfaces, List<String> named) {
        Set<Spot> spots = new LinkedHashSet<>();
        for (Networks.Interface each : interfaces) {
            for (Networks.Network network : each.addresses()) {
                if (network.address() instanceof Inet4Address ip && isMeant(each, ip, named) && spots.size() < MOST) {
                    spots.add(new Spot(each.name(), each.index(), ip));
                }
            }
        }
        return spots;
    }

    /** Which of the names fit no interface that is up. */
    static List<String> missing(Set<Spot> spots, List<String> named) {
        return named.stream()
                .filter(name -> spots.stream().noneMatch(spot -> spot.isCalled(name)))
                .toList();
    }

    private static boolean isMeant(Networks.Interface each, Inet4Address ip, List<String> named) {
        Spot spot = new Spot(each.name(), each.index(), ip);
        if (named.stream().anyMatch(ip.getHostAddress()::equals)) {
            return true;
        }
        if (each.loopback()) {
            // Further addresses of loopback are the same network.
            return isMain(ip) && (named.isEmpty() || named.stream().anyMatch(spot::isCalled));
        }
        return named.isEmpty()
                ? each.multicast() && !each.tunnel()
                : named.stream().anyMatch(spot::isCalled);
    }

    private static boolean isMain(Inet4Address ip) {
        return ip.getHostAddress().equals("127.0.0.1");
    }

    private boolean isCalled(String name) {
        return name.equals(network) || name.equals(address.getHostAddress());
    }

    @Override
    public String toString() {
        return address.getHostAddress() + " at " + network;
    }
}
