package dev.fleetgateway.route;

import dev.fleetgateway.machine.Address;
import dev.fleetgateway.network.Networks;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges from an address how far the packets go. */
public final class RouteKinds {

    private static final Networks.Network SHARED = Networks.Network.parse("100.64.0.0/10");
    private static final Networks.Network UNIQUE_LOCAL = Networks.Network.parse("fc00::/7");

    private final Networks networks;
    private final List<Networks.Network> lanNetworks;
    private final List<Pretended> pretended;

    /**
     * Judges by the gateway's own networks.
     *
     * @param lanNetworks networks to be taken for the LAN though not on-link, such as a cluster's pods
     */
    public RouteKinds(Networks networks, List<Networks.Network> lanNetworks) {
        this(networks, lanNetworks, List.of());
    }

    /** The same, but for networks that pretend to be others. */
    public RouteKinds(Networks networks, List<Networks.Network> lanNetworks, List<Pretended> pretended) {
        this.networks = networks;
        this.lanNetworks = List.copyOf(lanNetworks);
        this.pretended = List.copyOf(pretended);
    }

    /** Whether packets to that address go to a network of the host's own, without any router. */
    public boolean isOnLink(InetAddress peer) {
        return peer.isLoopbackAddress() || containing(networks.onLink(), peer) != null;
    }

    /** The same by a new look at the gateway's networks, which takes system calls: not for an event loop. */
    RouteKinds asOfNow() {
        List<Networks.Network> now = networks.look();
        return new RouteKinds(() -> now, lanNetworks, pretended);
    }

    /** A network that is taken for another kind than it is, for a demo whose machines are all on one host. */
    public record Pretended(Networks.Network network, Route.Kind kind) {}

    /** The kind of a route whose far end is at that address, and why. */
    public Judgement judge(InetAddress peer) {
        for (Pretended each : pretended) {
            if (each.network().contains(peer)) {
                return new Judgement(
                        each.kind(), "in the demo, " + each.network().name() + " stands for it");
            }
        }
        if (peer.isLoopbackAddress()) {
            return new Judgement(Route.Kind.LAN, "on this host");
        }
        Networks.Network network = containing(networks.onLink(), peer);
        if (network != null) {
            return new Judgement(Route.Kind.LAN, "on-link at " + network.name());
        }
        network = containing(lanNetworks, peer);
        if (network != null) {
            return new Judgement(Route.Kind.LAN, "in " + network.name() + " of gateway.route.lan-networks");
        }
        if (isPrivate(peer)) {
            return new Judgement(Route.Kind.WAN, "private address, not on a network of this gateway");
        }
        return new Judgement(Route.Kind.INTERNET, "public address");
    }

    /** The same route, judged as the gateway's networks are now. One whose far end is a relay or that a data channel found stays as it is. */
    public Route judge(Route route) {
        if (route.transport() == Route.Transport.WEBRTC) {
            return route;
        }
        Judgement judgement =
                judge(InetAddress.ofLiteral(Address.parse(route.peer()).host()));
        return judgement.kind() == route.kind() ? route : route.judged(judgement);
    }

    private static Networks.@Nullable Network containing(List<Networks.Network> networks, InetAddress peer) {
        for (Networks.Network network : networks) {
            if (network.contains(peer)) {
                return network;
            }
        }
        return null;
    }

    private static boolean isPrivate(InetAddress address) {
        return switch (address) {
            case Inet4Address v4 -> v4.isSiteLocalAddress() || v4.isLinkLocalAddress() || SHARED.contains(v4);
            case Inet6Address v6 -> v6.isLinkLocalAddress() || v6.isSiteLocalAddress() || UNIQUE_LOCAL.contains(v6);
            default -> false;
        };
    }

    /** A kind and why. */
    public record Judgement(Route.Kind kind, String reason) {}
}
