package dev.fleetgateway.peer;

import java.util.List;

/** Makes peers. The native library is loaded when the first one is asked for. */
public interface Peers {

    /**
     * A new peer. Blocks, the first time for up to a second.
     *
     * @throws PeersUnavailableException where the native library cannot be loaded, with what to install
     */
    Peer open(List<IceServer> iceServers, Peer.Listener listener);

    /**
     * A STUN or TURN server.
     *
     * @param urls such as {@code stun:host:3478} or {@code turn:host:3478?transport=udp}
     * @param username empty where there is none
     * @param credential empty where there is none; never shown
     */
    record IceServer(List<String> urls, String username, String credential) {

        /** Copies the list. */
        public IceServer {
            urls = List.copyOf(urls);
        }

        @Override
        public String toString() {
            return "IceServer[urls=" + urls + "]";
        }
    }
}
