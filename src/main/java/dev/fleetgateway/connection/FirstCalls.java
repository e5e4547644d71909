package dev.fleetgateway.connection;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import proto.rpc.v1.AuthServiceGrpc;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.AuthenticateResponse;
import proto.rpc.v1.Credentials;
import viam.robot.v1.GetCloudMetadataRequest;
import viam.robot.v1.GetCloudMetadataResponse;
import viam.robot.v1.GetVersionRequest;
import viam.robot.v1.GetVersionResponse;
import viam.robot.v1.RobotServiceGrpc;

/**
 * What is asked first over a way that is being opened: for a token, what runs there, and which machine that is. No future here
 * fails; all complete on the transport's thread.
 */
public final class FirstCalls {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> CLIENT = Metadata.Key.of("viam_client", Metadata.ASCII_STRING_MARSHALLER);
    private static final String NO_CLOUD = "cloud metadata not available";
    private static final String CLIENT_VALUE = "fleet-gateway;v0.1.0;v0.1.577";

    private FirstCalls() {}

    /**
     * What a machine says of itself.
     *
     * @param software null where it does not say
     * @param partId empty where no cloud manages it, null where it does not say
     */
    public record Introduction(
            MachineReport.@Nullable Software software,
            @Nullable String partId) {

        /** Which machine it is, for {@link Link#identity()}. */
        public String identity(String peer) {
            if (partId == null) {
                return "peer " + peer;
            }
            return partId.isEmpty() ? Link.UNMANAGED + peer : Link.PART + partId;
        }
    }

    /** The channel, with what every call of the gateway carries. */
    public static Channel tokenless(Channel channel) {
        return with(channel, new Metadata());
    }

    /** The same with a token. */
    public static Channel withToken(Channel channel, String token) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        return with(channel, headers);
    }

    /** The same with other headers. */
    public static Channel with(Channel channel, Metadata headers) {
        headers.put(CLIENT, CLIENT_VALUE);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /**
     * Asks for a token. Authenticate must not carry one, and an open server answers it with {@code UNIMPLEMENTED} (seen live).
     *
     * @param secret the key itself
     */
    public static CompletableFuture<Reply<AuthenticateResponse>> authenticate(
            Channel bare, String keyId, String secret, Duration within) {
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setEntity(keyId)
                .setCredentials(Credentials.newBuilder().setType("api-key").setPayload(secret))
                .build();
        return ask(bare, AuthServiceGrpc.getAuthenticateMethod(), request, within);
    }

    /** Asks what runs there, and which machine it is: two names may lead to one, its part id tells. */
    public static CompletableFuture<Reply<Introduction>> introduction(Channel channel, Duration within) {
        return ask(channel, RobotServiceGrpc.getGetVersionMethod(), GetVersionRequest.getDefaultInstance(), within)
                .thenCompose(version -> switch (version) {
                    case Reply.Given<GetVersionResponse>(var answer, var peer) ->
                        identity(
                                channel,
                                new MachineReport.Software(
                                        answer.getPlatform(), answer.getVersion(), answer.getApiVersion()),
                                peer,
                                within);
                    // Older servers have no GetVersion; that they refuse it themselves shows that they are there.
                    case Reply.Refused<GetVersionResponse> refused
                    when isNoVersion(refused.status()) -> identity(channel, null, null, within);
                    case Reply.Refused<GetVersionResponse>(var status) -> done(new Reply.Refused<>(status));
                    case Reply.Nonsense<GetVersionResponse>(var status) -> done(new Reply.Nonsense<>(status));
                    case Reply.Lost<GetVersionResponse>(var status) -> done(new Reply.Lost<>(status));
                });
    }

    private static boolean isNoVersion(Status status) {
        return switch (status.getCode()) {
            case UNIMPLEMENTED, UNKNOWN, RESOURCE_EXHAUSTED -> true;
            default -> false;
        };
    }

    /** A machine without a cloud says that it has none (seen live); any other refusal says nothing of that. */
    private static CompletableFuture<Reply<Introduction>> identity(
            Channel channel,
            MachineReport.@Nullable Software software,
            @Nullable SocketAddress versionPeer,
            Duration within) {
        return ask(
                        channel,
                        RobotServiceGrpc.getGetCloudMetadataMethod(),
                        GetCloudMetadataRequest.getDefaultInstance(),
                        within)
                .thenApply(reply -> switch (reply) {
                    case Reply.Given<GetCloudMetadataResponse>(var answer, var peer) ->
                        new Reply.Given<>(new Introduction(software, answer.getMachinePartId()), peer);
                    case Reply.Refused<GetCloudMetadataResponse>(var status) ->
                        // One that is too busy to say who it is does so the next time; that matters too much to go on
                        // without.
                        isGone(status) || status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                                ? new Reply.Lost<>(status)
                                : new Reply.Given<>(
                                        new Introduction(software, isUnmanaged(status) ? "" : null), versionPeer);
                    case Reply.Nonsense<GetCloudMetadataResponse>(var status) -> new Reply.Nonsense<>(status);
                    case Reply.Lost<GetCloudMetadataResponse>(var status) -> new Reply.Lost<>(status);
                });
    }

    private static boolean isUnmanaged(Status status) {
        return status.getCode() == Status.Code.UNKNOWN && NO_CLOUD.equals(status.getDescription());
    }

    private static boolean isGone(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> true;
            default -> false;
        };
    }

    private static <T> CompletableFuture<Reply<T>> done(Reply<T> reply) {
        return CompletableFuture.completedFuture(reply);
    }

    /** Asks one thing. */
    public static <Q, A> CompletableFuture<Reply<A>> ask(
            Channel on, MethodDescriptor<Q, A> method, Q request, Duration within) {
        CompletableFuture<Reply<A>> reply = new CompletableFuture<>();
        CallTracer tracer = new CallTracer();
        ClientCall<Q, A> call = on.newCall(
                method,
                CallOptions.DEFAULT
                        .withDeadlineAfter(within.toMillis(), TimeUnit.MILLISECONDS)
                        .withStreamTracerFactory(tracer));
        call.start(
                new ClientCall.Listener<>() {
                    private @Nullable A answer;

                    @Override
                    public void onMessage(A message) {
                        answer = message;
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        reply.complete(judge(
                                status,
                                answer,
                                tracer.answered(),
                                call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
                    }
                },
                new Metadata());
        call.sendMessage(request);
        call.halfClose();
        call.request(1);
        return reply;
    }

    private static <A> Reply<A> judge(
            Status status, @Nullable A answer, boolean answered, @Nullable SocketAddress peer) {
        if (status.isOk()) {
            return answer == null
                    ? new Reply.Nonsense<>(Status.INTERNAL.withDescription("the call ended without an answer"))
                    : new Reply.Given<>(answer, peer);
        }
        if (answered) {
            return new Reply.Refused<>(status);
        }
        // From an HTTP answer that is not gRPC, a status is made up on our side; that of a failed transport is left as
        // it is.
        return isGone(status) ? new Reply.Lost<>(status) : new Reply.Nonsense<>(status);
    }
}
