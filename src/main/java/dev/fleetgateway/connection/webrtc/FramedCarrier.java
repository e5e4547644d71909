package dev.fleetgateway.connection.webrtc;

import io.grpc.Channel;

/** The one there is. */
record FramedCarrier(FramedChannel framed) implements Carrier {

    @Override
    public Channel channel() {
        return framed;
    }

    @Override
    public void frame(byte[] frame) {
        framed.frame(frame);
    }

    @Override
    public void retire(Runnable drained) {
        framed.retire(drained);
    }

    @Override
    public void over(String reason) {
        framed.closed(reason);
    }
}
