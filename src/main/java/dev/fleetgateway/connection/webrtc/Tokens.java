package dev.fleetgateway.connection.webrtc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.FirstCalls;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.machine.ApiKey;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import proto.rpc.v1.AuthenticateResponse;

/** Tokens of signaling servers, one for each server and key: asked for once, by the first who needs it, and kept until refused. */
final class Tokens {

    private static final int MOST = 10_000;

    private final Cache<Owner, CompletableFuture<String>> tokens =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** Whose token it is. */
    record Owner(Lines.Server server, ApiKey key) {}

    /**
     * The token; empty where the server asks for none. Reads the key, so it may block. Fails with a
     * {@link DialFailedException}.
     */
    CompletableFuture<String> of(Owner owner, Channel line, SignalingFailures failures, Duration within) {
        CompletableFuture<String> mine = new CompletableFuture<>();
        CompletableFuture<String> there = tokens.asMap().putIfAbsent(owner, mine);
        if (there != null) {
            return there;
        }
        var _ = mine.whenComplete((_, failure) -> {
            if (failure != null) {
                forget(owner, mine);
            }
        });
        try {
            String secret = owner.key.source().read();
            var _ = FirstCalls.authenticate(line, owner.key.id(), secret, within)
                    .thenAccept(reply -> settle(mine, reply, failures));
        } catch (IllegalStateException e) {
            mine.completeExceptionally(
                    new DialFailedException(FailureKind.CREDENTIALS, String.valueOf(e.getMessage())));
        }
        return mine;
    }

    private static void settle(
            CompletableFuture<String> token, Reply<AuthenticateResponse> reply, SignalingFailures failures) {
        switch (reply) {
            case Reply.Given<AuthenticateResponse>(var answer, var _) -> token.complete(answer.getAccessToken());
            case Reply.Refused<AuthenticateResponse> refused -> {
                Status status = refused.status();
                switch (status.getCode()) {
                    case UNIMPLEMENTED -> token.complete("");
                    case INVALID_ARGUMENT -> token.completeExceptionally(failures.credentials(refused.said()));
                    default -> token.completeExceptionally(failures.refused(status));
                }
            }
            case Reply.Nonsense<AuthenticateResponse> _, Reply.Lost<AuthenticateResponse> _ ->
                token.completeExceptionally(failures.of(reply));
        }
    }

    /** That one was refused; the next who asks gets a new one. */
    void forget(Owner owner, CompletableFuture<String> refused) {
        tokens.asMap().remove(owner, refused);
    }
}
