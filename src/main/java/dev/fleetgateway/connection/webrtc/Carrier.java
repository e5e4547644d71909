package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.peer.Peer;
import io.grpc.Channel;
import java.net.InetSocketAddress;

/** gRPC over the data channel of one peer. */
interface Carrier {

    Channel channel();

    /** A message came. */
    void frame(byte[] frame);

    /** Takes no call from now on, and says when the last one in flight has ended. */
    void retire(Runnable drained);

    /** The peer is closed: calls in flight end. */
    void over(String reason);

    /** Makes one over a peer whose channel is open; the other side is where it was observed to be. */
    @FunctionalInterface
    interface Maker {
        Carrier over(Peer peer, InetSocketAddress far);
    }
}
