package dev.fleetgateway.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a machine is reached by WebRTC: the server that both sides can talk to beforehand.
 *
 * @param address of the signaling server: the cloud's, or the machine's own
 * @param tls how the way to that server is protected; its server name is the server's own
 * @param host the name under which the machine waits there ({@code rpc-host}), lower case
 * @param iceServers beside those that the server hands out
 */
public record Signaling(Address address, Tls tls, String host, List<IceServer> iceServers) {

    /** Copies the list. */
    public Signaling {
        iceServers = List.copyOf(iceServers);
    }

    /**
     * A STUN or TURN server.
     *
     * @param username empty where there is none
     * @param credential null where there is none
     */
    public record IceServer(List<String> urls, String username, ApiKey.@Nullable KeySource credential) {

        /** Copies the list. */
        public IceServer {
            urls = List.copyOf(urls);
        }
    }
}
