package dev.fleetgateway.peer;

import dev.onvoid.webrtc.RTCIceServer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The STUN and TURN servers the library can read. One that it cannot read ends the process (seen with 0.14.0: a port of 0, a TURN
 * server without a password, an empty list of URLs), and they come from outside: what is not surely good is left out.
 */
final class UsableServers {

    private static final Logger log = LoggerFactory.getLogger(UsableServers.class);

    private static final int MOST = 16;
    private static final int LONGEST_USERNAME = 500;

    private static final Pattern URL =
            Pattern.compile("(?<scheme>stuns?|turns?):(?:[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}])"
                    + "(?::(?<port>[1-9][0-9]{0,4}))?(?<transport>\\?transport=(?:udp|tcp))?");

    private UsableServers() {}

    static List<RTCIceServer> of(List<Peers.IceServer> servers) {
        return servers.stream()
                .map(UsableServers::usable)
                .filter(server -> !server.urls.isEmpty())
                .limit(MOST)
                .toList();
    }

    private static RTCIceServer usable(Peers.IceServer server) {
        RTCIceServer theirs = new RTCIceServer();
        theirs.urls =
                server.urls().stream().filter(url -> isUsable(url, server)).toList();
        theirs.username = server.username();
        theirs.password = server.credential();
        return theirs;
    }

    private static boolean isUsable(String url, Peers.IceServer server) {
        Matcher parts = URL.matcher(url);
        boolean usable = parts.matches()
                && (parts.group("port") == null || Integer.parseInt(parts.group("port")) <= 65_535)
                && (parts.group("scheme").startsWith("turn")
                        ? !server.username().isEmpty()
                                && !server.credential().isEmpty()
                                && server.username().length() <= LONGEST_USERNAME
                        : parts.group("transport") == null);
        if (!usable) {
            log.warn("The ICE server {} is left out: it is no STUN server, and no TURN server with a password", url);
        }
        return usable;
    }
}
