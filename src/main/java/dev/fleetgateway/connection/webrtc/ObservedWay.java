package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.machine.Address;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * The way that packets take, from the pair of addresses that was selected.
 *
 * @param far where the other side is
 */
record ObservedWay(Route route, InetSocketAddress far) {

    /**
     * Judges a pair.
     *
     * @throws IllegalArgumentException where it does not say where the other side is
     */
    static ObservedWay of(Peer.Pair pair, RouteKinds kinds, Instant now) {
        InetSocketAddress far = new InetSocketAddress(InetAddress.ofLiteral(pair.remoteAddress()), pair.remotePort());
        RouteKinds.Judgement judgement = pair.relayed()
                ? new RouteKinds.Judgement(Route.Kind.INTERNET, Route.THROUGH_A_RELAY + relay(pair, far))
                : kinds.judge(far.getAddress());
        Route route = new Route(
                judgement.kind(),
                Route.Via.SIGNALING,
                Route.Transport.WEBRTC,
                Address.of(far).toString(),
                now,
                judgement.reason());
        return new ObservedWay(route, far);
    }

    private static Address relay(Peer.Pair pair, InetSocketAddress far) {
        return pair.localType().equals("relay") ? new Address(pair.localAddress(), pair.localPort()) : Address.of(far);
    }
}
