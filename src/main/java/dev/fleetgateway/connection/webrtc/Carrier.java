package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.peer.Peer;
import io.grpc.Channel;

/** gRPC over the data channel of one peer. */
interface Carrier {

    Channel channel();

    /** A message came. */
    void frame(byte[] frame);

    /** Takes no call from now on, and says when the last one in flight has ended. */
    void retire(Runnable drained);

    /** Calls in flight end. */
    void close();

    /** Makes one over a peer whose channel is open. */
    @FunctionalInterface
    interface Maker {
        Carrier over(Peer peer);
    }
}
