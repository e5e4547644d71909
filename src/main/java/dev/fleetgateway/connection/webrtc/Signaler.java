package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.FirstCalls;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.machine.Signaling;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigRequest;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigResponse;
import proto.rpc.webrtc.v1.SignalingServiceGrpc;
import proto.rpc.webrtc.v1.WebRTCConfig;

/** Gets one dial accepted by a signaling server: with a token where the server wants one, renewed once where it is refused. */
final class Signaler {

    private static final Metadata.Key<String> HOST = Metadata.Key.of("rpc-host", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Channel line;
    private final Signaling signaling;
    private final @Nullable ApiKey key;
    private final Tokens tokens;
    private final Executor blocking;
    private final SignalingFailures failures;

    Signaler(
            Channel line,
            Signaling signaling,
            @Nullable ApiKey key,
            SignalingFailures failures,
            Tokens tokens,
            Executor blocking) {
        this.line = line;
        this.signaling = signaling;
        this.key = key;
        this.tokens = tokens;
        this.blocking = blocking;
        this.failures = failures;
    }

    /**
     * What the server accepts calls on, and has for callers of this machine.
     *
     * @param channel carries what its calls need
     */
    record Accepted(Channel channel, WebRTCConfig config) {}

    /** Asks to be accepted. May read a key, so it may block. Fails with a {@link DialFailedException}. */
    CompletableFuture<Accepted> accepted() {
        return accepted(true);
    }

    private CompletableFuture<Accepted> accepted(boolean renew) {
        if (key == null) {
            return config(with(""), null);
        }
        Tokens.Owner owner = new Tokens.Owner(Lines.Server.of(signaling), key);
        CompletableFuture<String> token = tokens.of(owner, line, failures, PATIENCE);
        return token.thenCompose(text -> config(with(text), () -> {
            tokens.forget(owner, token);
            return renew
                    ? token.thenComposeAsync(_ -> accepted(false), blocking)
                    : CompletableFuture.failedFuture(failures.credentials("it gave a token and then refused it"));
        }));
    }

    private interface Refused {
        CompletableFuture<Accepted> token();
    }

    private CompletableFuture<Accepted> config(Channel channel, @Nullable Refused refused) {
        return FirstCalls.ask(
                        channel,
                        SignalingServiceGrpc.getOptionalWebRTCConfigMethod(),
                        OptionalWebRTCConfigRequest.getDefaultInstance(),
                        PATIENCE)
                .thenCompose(reply -> switch (reply) {
                    case Reply.Given<OptionalWebRTCConfigResponse>(var answer, var _) ->
                        CompletableFuture.completedFuture(new Accepted(channel, answer.getConfig()));
                    case Reply.Refused<OptionalWebRTCConfigResponse>(var status)
                    when refused != null && status.getCode() == Status.Code.UNAUTHENTICATED -> refused.token();
                    default -> CompletableFuture.failedFuture(failures.of(reply));
                });
    }

    private Channel with(String token) {
        Metadata headers = new Metadata();
        headers.put(HOST, signaling.host());
        if (!token.isEmpty()) {
            headers.put(AUTHORIZATION, "Bearer " + token);
        }
        return FirstCalls.with(line, headers);
    }
}
