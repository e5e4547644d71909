package dev.fleetgateway.discovery;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * A machine that announced itself at one address. It says so of itself: only its certificate proves it, and after a crash it is
 * still seen until its announcement expires.
 *
 * @param name as it was announced, lower case: a TLS name, or one whose dots were made dashes
 * @param socket an IPv4 address and the port of the machine's gRPC server; resolved
 * @param webrtc whether it says that it can be reached by WebRTC at that port, too
 * @param seenAt when this was last confirmed
 * @param network the interface it was seen at
 */
public record Sighting(String name, InetSocketAddress socket, boolean webrtc, Instant seenAt, String network) {

    /** Equal for all the names that one machine announces. It is for comparing, not for people. */
    public String machine() {
        return MachineName.parse(name).map(MachineName::key).orElse(name);
    }
}
