package dev.fleetgateway.connection.webrtc;

import io.grpc.Attributes;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A listener of a call on bytes, and a tracer of it, that keep what they were told. */
final class Told extends ClientCall.Listener<byte[]> {

    final List<String> order = new CopyOnWriteArrayList<>();
    final List<byte[]> messages = new CopyOnWriteArrayList<>();
    private volatile @Nullable Metadata headers;
    private volatile @Nullable Status status;
    private volatile @Nullable Metadata trailers;

    boolean isEnded() {
        return status != null;
    }

    Status status() {
        return Objects.requireNonNull(status, "the call has not ended");
    }

    Metadata headers() {
        return Objects.requireNonNull(headers, "there were no headers");
    }

    Metadata trailers() {
        return Objects.requireNonNull(trailers, "the call has not ended");
    }

    static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setFullMethodName("test.Bytes/" + name)
                .setType(type)
                .setRequestMarshaller(BYTES)
                .setResponseMarshaller(BYTES)
                .build();
    }

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    ClientStreamTracer.Factory tracer() {
        return new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata sent) {
                order.add("tracer");
                return new ClientStreamTracer() {
                    @Override
                    public void streamCreated(Attributes transport, Metadata sentHeaders) {
                        order.add("tracer: created");
                    }

                    @Override
                    public void inboundTrailers(Metadata came) {
                        order.add("tracer: trailers");
                    }

                    @Override
                    public void streamClosed(Status with) {
                        order.add("tracer: closed " + with.getCode());
                    }
                };
            }
        };
    }

    @Override
    public void onHeaders(Metadata came) {
        order.add("headers");
        headers = came;
    }

    @Override
    public void onMessage(byte[] message) {
        order.add("message");
        messages.add(message);
    }

    @Override
    public void onClose(Status with, Metadata came) {
        order.add("closed " + with.getCode());
        status = with;
        trailers = came;
    }

    @Override
    public void onReady() {
        order.add("ready");
    }
}
