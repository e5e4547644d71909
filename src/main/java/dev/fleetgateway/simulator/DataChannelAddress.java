package dev.fleetgateway.simulator;

import dev.fleetgateway.peer.Peer;
import java.io.Serial;
import java.net.SocketAddress;

/** Where a caller by WebRTC is, in the words a machine uses for it, such as {@code udp4 host 10.0.0.1:59550}. */
final class DataChannelAddress extends SocketAddress {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String text;

    DataChannelAddress(Peer.Pair pair) {
        boolean v6 = pair.remoteAddress().indexOf(':') >= 0;
        this.text = (v6 ? "udp6 " : "udp4 ")
                + pair.remoteType()
                + ' '
                + (v6 ? '[' + pair.remoteAddress() + ']' : pair.remoteAddress())
                + ':'
                + pair.remotePort();
    }

    @Override
    public String toString() {
        return text;
    }
}
