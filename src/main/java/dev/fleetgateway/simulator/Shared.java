package dev.fleetgateway.simulator;

import dev.fleetgateway.peer.Peers;
import io.netty.channel.EventLoopGroup;
import java.util.Optional;

/**
 * What the machines of a fleet share.
 *
 * @param boss accepts their connections
 * @param workers carries out their calls
 * @param authority signs the certificates of those with TLS
 * @param peers makes their ends of WebRTC connections; empty where no machine answers by it
 * @param announcers announces those that want to be found
 */
record Shared(
        EventLoopGroup boss,
        EventLoopGroup workers,
        CertificateAuthority authority,
        Optional<Peers> peers,
        Announcers announcers) {}
