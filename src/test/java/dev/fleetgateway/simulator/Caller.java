package dev.fleetgateway.simulator;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.AuthenticateResponse;
import proto.rpc.v1.Credentials;

/** A plain gRPC client of one machine that shows everything that came back. */
final class Caller implements AutoCloseable {

    private final ManagedChannel channel;
    private final Metadata always = new Metadata();

    private Caller(ManagedChannel channel) {
        this.channel = channel;
    }

    /** Everything a machine said to one call. */
    record Reply<T>(Status status, Metadata headers, List<T> messages) {

        T only() {
            if (!status.isOk() || messages.size() != 1) {
                throw new AssertionError(status + " with " + messages);
            }
            return messages.getFirst();
        }

        @Nullable
        String opid() {
            return headers.get(Operations.OPID);
        }

        Status.Code code() {
            return status.getCode();
        }

        String text() {
            return String.valueOf(status.getDescription());
        }
    }

    static Caller of(SimulatedMachine machine) {
        return of(machine, machine.caPem().orElse(null));
    }

    /** Speaks plaintext to whoever listens at a port of loopback. */
    static Caller at(int port) {
        return new Caller(
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
    }

    static Caller of(SimulatedCloud cloud) {
        return of(cloud.port(), cloud.name(), cloud.caPem());
    }

    static Caller of(SimulatedMachine machine, @Nullable String caPem) {
        return of(machine.port(), machine.serverName(), caPem);
    }

    private static Caller of(int port, String name, @Nullable String caPem) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress("127.0.0.1", port).maxInboundMessageSize(64 << 20);
        if (caPem == null) {
            return new Caller(builder.usePlaintext().build());
        }
        try {
            SslContext trust = GrpcSslContexts.forClient()
                    .trustManager(new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII)))
                    .build();
            return new Caller(builder.sslContext(trust).overrideAuthority(name).build());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Sends a header with every call from now on. */
    Caller with(Metadata.Key<String> key, String value) {
        always.put(key, value);
        return this;
    }

    /** Shows a token with every call from now on, got for these credentials. */
    Caller as(String entity, String type, String payload) {
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setEntity(entity)
                .setCredentials(Credentials.newBuilder().setType(type).setPayload(payload))
                .build();
        String token = call("proto.rpc.v1.AuthService/Authenticate", request, AuthenticateResponse.getDefaultInstance())
                .only()
                .getAccessToken();
        return with(Tokens.AUTHORIZATION, "Bearer " + token);
    }

    Caller without(Metadata.Key<String> key) {
        always.removeAll(key);
        return this;
    }

    <T extends Message> Reply<T> call(String path, Message request, T answer) {
        return begin(path, request, answer).join();
    }

    <T extends Message> CompletableFuture<Reply<T>> begin(String path, Message request, T answer) {
        return start(path, MethodType.UNARY, request, answer).done();
    }

    /** A call that can be watched and hung up. */
    record Running<T>(ClientCall<Message, T> wire, CompletableFuture<Reply<T>> done, List<T> messages) {

        void send(Message more) {
            wire.sendMessage(more);
        }

        void hangUp() {
            wire.cancel("hung up", null);
        }
    }

    /** A stream both ways on which the caller waits to be spoken to. */
    <T extends Message> Running<T> listen(String path, Message kind, T answer) {
        return start(path, MethodType.BIDI_STREAMING, kind, answer, true);
    }

    <T extends Message> Running<T> start(String path, MethodType type, Message request, T answer) {
        return start(path, type, request, answer, false);
    }

    private <T extends Message> Running<T> start(
            String path, MethodType type, Message request, T answer, boolean quiet) {
        MethodDescriptor<Message, T> method = MethodDescriptor.<Message, T>newBuilder()
                .setType(type)
                .setFullMethodName(path)
                .setRequestMarshaller(ProtoUtils.marshaller(request.getDefaultInstanceForType()))
                .setResponseMarshaller(ProtoUtils.marshaller(answer))
                .build();
        ClientCall<Message, T> wire =
                channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
        CompletableFuture<Reply<T>> done = new CompletableFuture<>();
        List<T> messages = java.util.Collections.synchronizedList(new ArrayList<>());
        Metadata headers = new Metadata();
        headers.merge(always);
        wire.start(
                new ClientCall.Listener<>() {
                    private Metadata received = new Metadata();

                    @Override
                    public void onHeaders(Metadata headers) {
                        received = headers;
                    }

                    @Override
                    public void onMessage(T message) {
                        messages.add(message);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        done.complete(new Reply<>(status, received, List.copyOf(messages)));
                    }
                },
                headers);
        wire.request(1_000);
        if (!quiet) {
            wire.sendMessage(request);
        }
        if (type != MethodType.BIDI_STREAMING) {
            wire.halfClose();
        }
        return new Running<>(wire, done, messages);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
