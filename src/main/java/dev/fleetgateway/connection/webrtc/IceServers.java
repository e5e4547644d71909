package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.peer.Peers;
import java.util.ArrayList;
import java.util.List;
import proto.rpc.webrtc.v1.ICEServer;
import proto.rpc.webrtc.v1.WebRTCConfig;

/** The STUN and TURN servers of one dial. */
final class IceServers {

    private IceServers() {}

    /** Those that the signaling server hands out, and those of the settings, whose credentials are read: it may block. */
    static List<Peers.IceServer> of(WebRTCConfig config, Signaling signaling) {
        List<Peers.IceServer> servers = new ArrayList<>();
        for (ICEServer server : config.getAdditionalIceServersList()) {
            servers.add(new Peers.IceServer(server.getUrlsList(), server.getUsername(), server.getCredential()));
        }
        for (Signaling.IceServer server : signaling.iceServers()) {
            try {
                String credential =
                        server.credential() == null ? "" : server.credential().read();
                servers.add(new Peers.IceServer(server.urls(), server.username(), credential));
            } catch (IllegalStateException e) {
                throw new DialFailedException(FailureKind.CREDENTIALS, String.valueOf(e.getMessage()));
            }
        }
        return servers;
    }
}
