package dev.fleetgateway.discovery;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One name announced at one place. A machine announces one name at two hosts, of which only the last said is remembered by the
 * library, and addresses are forgotten long before names; here they are kept for as long as the name is, unless the same host
 * has been heard again without them.
 *
 * <p>Not safe for use by many threads.
 */
final class Announcement {

    /** Of one name at one place; a machine with more is left with those that were said first. */
    static final int MOST_ADDRESSES = 16;

    private static final int MOST_HOSTS = 4;

    // Addresses of one host come in one packet, and a lost packet must not cost any.
    private static final Duration TOGETHER = Duration.ofSeconds(10);

    private final Heard heard;
    private final MachineName name;
    private final Map<String, Map<Inet4Address, Instant>> hosts = new LinkedHashMap<>();
    private int port;
    private boolean webrtc;
    private Visible told = Visible.NOTHING;

    private record Visible(int port, boolean webrtc, Set<Inet4Address> addresses) {

        static final Visible NOTHING = new Visible(0, false, Set.of());
    }

    Announcement(Heard heard, MachineName name) {
        this.heard = heard;
        this.name = name;
    }

    MachineName name() {
        return name;
    }

    Heard heard() {
        return heard;
    }

    Iterable<String> hosts() {
        return hosts.keySet();
    }

    /** Whether there is anything else to be seen than when this was asked last. */
    boolean takeNews() {
        Visible now = visible();
        boolean news = !now.equals(told);
        told = now;
        return news;
    }

    private Visible visible() {
        Set<Inet4Address> addresses = new HashSet<>();
        hosts.values().forEach(host -> addresses.addAll(host.keySet()));
        return addresses.isEmpty() ? Visible.NOTHING : new Visible(port, webrtc, addresses);
    }

    /** Takes over what has been heard by now. */
    void refresh(Heard.Service service) {
        webrtc = service.webrtc();
        if (port != service.port()) {
            // The machine began anew, and both hosts have the new port.
            hosts.clear();
            port = service.port();
        }
        if (hosts.size() >= MOST_HOSTS && !hosts.containsKey(service.host())) {
            hosts.remove(hosts.keySet().iterator().next());
        }
        hosts.computeIfAbsent(service.host(), _ -> new LinkedHashMap<>());
        hosts.forEach(this::refresh);
    }

    private void refresh(String host, Map<Inet4Address, Instant> known) {
        Instant newest = Instant.MIN;
        for (Heard.Address address : heard.addresses(host)) {
            if (isReachable(address.ip()) && (known.containsKey(address.ip()) || count() < MOST_ADDRESSES)) {
                known.put(address.ip(), address.at());
                newest = newest.isAfter(address.at()) ? newest : address.at();
            }
        }
        if (newest.isAfter(Instant.MIN)) {
            Instant together = newest.minus(TOGETHER);
            known.values().removeIf(at -> at.isBefore(together));
        }
    }

    // An unmanaged machine announces 127.0.0.1 to everybody, and would be looked for on this host.
    private boolean isReachable(Inet4Address ip) {
        return !ip.isAnyLocalAddress()
                && !ip.isMulticastAddress()
                && ip.getAddress()[0] != -1
                && (!ip.isLoopbackAddress() || heard.loopback());
    }

    private int count() {
        return hosts.values().stream().mapToInt(Map::size).sum();
    }

    /** Hands out a sighting for each address. */
    void sightings(Consumer<Sighting> to) {
        hosts.values()
                .forEach(addresses -> addresses.forEach((ip, at) -> to.accept(
                        new Sighting(name.text(), new InetSocketAddress(ip, port), webrtc, at, heard.network()))));
    }
}
