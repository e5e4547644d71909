package dev.fleetgateway.connection;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * What no status code tells of a call: whether it was handed to a live transport, and whether the machine itself ended it. A status
 * that was made up on our side, from a broken connection or from an HTTP answer that is not gRPC, is not the machine's word.
 *
 * <p>One for each call. Written on the transport's threads, read after the call has closed.
 */
public final class CallTracer extends ClientStreamTracer.Factory {

    private volatile boolean handed;
    private volatile boolean answered;

    /** Whether a stream was created for it, so that some of it may have left. */
    public boolean handed() {
        return handed;
    }

    /** Whether the machine sent a status of its own. */
    public boolean answered() {
        return answered;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
        return new ClientStreamTracer() {
            @Override
            public void streamCreated(Attributes transport, Metadata sent) {
                handed = true;
            }

            @Override
            public void inboundTrailers(Metadata trailers) {
                answered = true;
            }
        };
    }
}
