package dev.fleetgateway.connection.webrtc;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tracers that came with a call's options, told as gRPC tells them. What one of them throws is its own trouble. */
final class CallTracers {

    private static final Logger log = LoggerFactory.getLogger(CallTracers.class);

    private final List<ClientStreamTracer> all;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();

    CallTracers(CallOptions options, Metadata headers) {
        ClientStreamTracer.StreamInfo info = ClientStreamTracer.StreamInfo.newBuilder()
                .setCallOptions(options)
                .build();
        all = options.getStreamTracerFactories().stream()
                .map(factory -> factory.newClientStreamTracer(info, headers))
                .toList();
    }

    /** Its first frame was handed to the data channel. */
    void created(Attributes transport, Metadata headers) {
        tell(tracer -> tracer.streamCreated(transport, headers));
        tell(ClientStreamTracer::outboundHeaders);
    }

    void sent() {
        int number = sent.getAndIncrement();
        tell(tracer -> tracer.outboundMessage(number));
    }

    void headers() {
        tell(ClientStreamTracer::inboundHeaders);
    }

    void received() {
        int number = received.getAndIncrement();
        tell(tracer -> tracer.inboundMessage(number));
    }

    /** The machine itself ended it. */
    void trailers(Metadata trailers) {
        tell(tracer -> tracer.inboundTrailers(trailers));
    }

    void closed(Status status) {
        tell(tracer -> tracer.streamClosed(status));
    }

    private void tell(Consumer<ClientStreamTracer> news) {
        for (ClientStreamTracer tracer : all) {
            try {
                news.accept(tracer);
            } catch (RuntimeException e) {
                log.warn("A tracer of a call failed", e);
            }
        }
    }
}
