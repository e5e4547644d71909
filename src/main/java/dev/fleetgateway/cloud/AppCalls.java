package dev.fleetgateway.cloud;

import dev.fleetgateway.connection.FirstCalls;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.machine.Tls;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import proto.rpc.v1.AuthenticateResponse;

/**
 * Calls of the cloud's API, with a token that is asked for when it is needed and again when it is refused. No future here fails.
 */
final class AppCalls implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A big organization's list. */
    private static final int MOST_BYTES = 32 * 1024 * 1024;

    private final ManagedChannel line;
    private final ApiKey key;
    private final Executor blocking;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("gateway-cloud", true), NioIoHandler.newFactory());

    private volatile @Nullable String token;

    AppCalls(Address address, Tls tls, ApiKey key, TlsContexts contexts, Executor blocking) {
        this.key = key;
        this.blocking = blocking;
        this.line = NettyChannelBuilder.forAddress(address.host(), address.port())
                .overrideAuthority(tls.serverName())
                .sslContext(contexts.context(tls.bundle()))
                .eventLoopGroup(loop)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .disableRetry()
                .disableServiceConfigLookUp()
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .maxInboundMessageSize(MOST_BYTES)
                .maxTraceEvents(0)
                .build();
    }

    /** Asks one thing. */
    <Q, A> CompletableFuture<Reply<A>> ask(MethodDescriptor<Q, A> method, Q request) {
        return ask(method, request, true);
    }

    private <Q, A> CompletableFuture<Reply<A>> ask(MethodDescriptor<Q, A> method, Q request, boolean renew) {
        return token().thenCompose(given -> switch (given) {
            case Reply.Given<String>(var text, var _) ->
                FirstCalls.ask(with(text), method, request, PATIENCE).thenCompose(reply -> {
                    if (reply instanceof Reply.Refused<A>(var status)
                            && status.getCode() == Status.Code.UNAUTHENTICATED) {
                        token = null;
                        if (renew) {
                            return ask(method, request, false);
                        }
                    }
                    return CompletableFuture.completedFuture(reply);
                });
            case Reply.Refused<String>(var status) -> done(new Reply.Refused<>(status));
            case Reply.Nonsense<String>(var status) -> done(new Reply.Nonsense<>(status));
            case Reply.Lost<String>(var status) -> done(new Reply.Lost<>(status));
        });
    }

    private static <A> CompletableFuture<Reply<A>> done(Reply<A> reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private Channel with(String text) {
        return text.isEmpty() ? FirstCalls.tokenless(line) : FirstCalls.withToken(line, text);
    }

    private CompletableFuture<Reply<String>> token() {
        String known = token;
        if (known != null) {
            return done(new Reply.Given<>(known, null));
        }
        return CompletableFuture.supplyAsync(this::secret, blocking).thenCompose(secret -> switch (secret) {
            case Reply.Given<String>(var text, var _) ->
                FirstCalls.authenticate(line, key.id(), text, PATIENCE).thenApply(this::taken);
            case Reply.Refused<String> _, Reply.Nonsense<String> _, Reply.Lost<String> _ -> done(secret);
        });
    }

    private Reply<String> secret() {
        try {
            return new Reply.Given<>(key.source().read(), null);
        } catch (IllegalStateException e) {
            return new Reply.Refused<>(Status.UNAUTHENTICATED.withDescription(e.getMessage()));
        }
    }

    private Reply<String> taken(Reply<AuthenticateResponse> reply) {
        return switch (reply) {
            case Reply.Given<AuthenticateResponse>(var answer, var peer) -> {
                token = answer.getAccessToken();
                yield new Reply.Given<>(answer.getAccessToken(), peer);
            }
            case Reply.Refused<AuthenticateResponse>(var status) -> new Reply.Refused<>(status);
            case Reply.Nonsense<AuthenticateResponse>(var status) -> new Reply.Nonsense<>(status);
            case Reply.Lost<AuthenticateResponse>(var status) -> new Reply.Lost<>(status);
        };
    }

    /** Ends it; calls in flight end. */
    @Override
    public void close() {
        line.shutdownNow();
        var _ = loop.shutdownGracefully(100, 1000, TimeUnit.MILLISECONDS);
    }
}
