package dev.fleetgateway.route;

import java.time.Instant;

/**
 * The one way by which a machine is reached now, as it was observed, not as it was asked for.
 *
 * @param peer the address at the other end, {@code ip:port}
 * @param since when this route began to carry
 * @param reason why it is of this kind
 */
public record Route(Kind kind, Via via, Transport transport, String peer, Instant since, String reason) {

    /** How the reason of a route that leads through a relay begins. */
    public static final String THROUGH_A_RELAY = "through a relay at ";

    /** How good a route is; the smaller, the better: the nearer kind first, and within a kind HTTP/2 before a data channel. */
    public static int rank(Kind kind, Transport transport) {
        int far = switch (kind) {
            case LAN -> 0;
            case WAN -> 2;
            case INTERNET -> 4;
        };
        return switch (transport) {
            case GRPC -> far;
            case WEBRTC -> far + 1;
        };
    }

    /** How good this one is. */
    public int rank() {
        return rank(kind, transport);
    }

    /** Whether what it carries goes through a relay, so that it is lost with it. */
    public boolean relayed() {
        return reason.startsWith(THROUGH_A_RELAY);
    }

    /** The same, carrying since then. */
    public Route carryingSince(Instant moment) {
        return new Route(kind, via, transport, peer, moment, reason);
    }

    /** The same, judged anew. */
    public Route judged(RouteKinds.Judgement judgement) {
        return new Route(judgement.kind(), via, transport, peer, since, judgement.reason());
    }

    /** How far the packets go. */
    public enum Kind {
        /** On a network of the gateway's own. */
        LAN,
        /** Direct and private, but not on a network of the gateway's own: a VPN, a site network. */
        WAN,
        /** Through the cloud's relay, or a public address. */
        INTERNET
    }

    /** How the address was learnt. */
    public enum Via {
        /** Announced on the network. */
        MDNS,
        /** Given in the settings. */
        ADDRESS,
        /** Negotiated through a signaling server. */
        SIGNALING
    }

    /** What carries the calls. */
    public enum Transport {
        /** HTTP/2 over TCP. */
        GRPC,
        /** A data channel. */
        WEBRTC
    }
}
