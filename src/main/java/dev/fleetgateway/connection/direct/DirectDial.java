package dev.fleetgateway.connection.direct;

import com.google.protobuf.Message;
import dev.fleetgateway.connection.CallTracer;
import dev.fleetgateway.connection.Dialer;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.time.Time;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import proto.rpc.v1.AuthServiceGrpc;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.Credentials;
import viam.robot.v1.GetCloudMetadataRequest;
import viam.robot.v1.GetVersionRequest;
import viam.robot.v1.GetVersionResponse;
import viam.robot.v1.RobotServiceGrpc;

/**
 * One dial: connect, authenticate where there is a key, ask for the version, and then the link it became. Authenticate must not
 * carry a token, and an open machine answers it with UNIMPLEMENTED (seen live), which is no failure.
 */
final class DirectDial implements Dialer.Dial, OneConnection.Watcher {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> CLIENT = Metadata.Key.of("viam_client", Metadata.ASCII_STRING_MARSHALLER);
    private static final String CLIENT_VALUE = "fleet-gateway;v0.1.0;v0.1.577";

    private final Machine machine;
    private final InetSocketAddress address;
    private final Route.Via via;
    private final Dialer.Listener listener;
    private final RouteKinds kinds;
    private final Time time;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OPENING);
    private volatile boolean spoken;
    private volatile @Nullable ManagedChannel channel;
    private volatile Time.@Nullable Timer timeout;

    private enum Phase {
        OPENING,
        OPEN,
        RETIRED,
        OVER
    }

    DirectDial(
            Machine machine,
            InetSocketAddress address,
            Route.Via via,
            Dialer.Listener listener,
            RouteKinds kinds,
            Time time) {
        this.machine = machine;
        this.address = address;
        this.via = via;
        this.listener = listener;
        this.kinds = kinds;
        this.time = time;
    }

    void start(NettyChannelBuilder builder) {
        timeout = time.after(
                machine.dialTimeout(),
                () -> fail(FailureKind.TIMEOUT, where() + " did not answer within " + text(machine.dialTimeout())));
        ManagedChannel made = builder.build();
        channel = made;
        if (phase.get() == Phase.OVER) {
            made.shutdownNow();
            return;
        }
        var _ = made.getState(true);
        // The key is read here, on the thread that dials, since it may come from a file.
        ApiKey key = machine.credentials();
        if (key == null) {
            askVersion(tokenless(made));
            return;
        }
        try {
            authenticate(made, key, key.source().read());
        } catch (IllegalStateException e) {
            fail(FailureKind.CREDENTIALS, String.valueOf(e.getMessage()));
        }
    }

    private void authenticate(ManagedChannel made, ApiKey key, String secret) {
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setEntity(key.id())
                .setCredentials(Credentials.newBuilder().setType("api-key").setPayload(secret))
                .build();
        ask(made, AuthServiceGrpc.getAuthenticateMethod(), request, (status, answer, _) -> {
            switch (status.getCode()) {
                case OK -> askVersion(withToken(made, answer == null ? "" : answer.getAccessToken()));
                case UNIMPLEMENTED -> askVersion(tokenless(made));
                case UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT ->
                    fail(
                            FailureKind.CREDENTIALS,
                            "the machine did not accept API key " + key.id() + ": " + status.getDescription());
                default -> failBy(status);
            }
        });
    }

    private void askVersion(Channel ready) {
        ask(
                ready,
                RobotServiceGrpc.getGetVersionMethod(),
                GetVersionRequest.getDefaultInstance(),
                (status, answer, peer) -> {
                    switch (status.getCode()) {
                        case OK -> askIdentity(ready, peer, software(answer));
                        // Older servers have no GetVersion; that they refuse it themselves shows that they are there.
                        case UNIMPLEMENTED, UNKNOWN, RESOURCE_EXHAUSTED -> askIdentity(ready, peer, null);
                        case UNAUTHENTICATED ->
                            fail(
                                    FailureKind.CREDENTIALS,
                                    machine.credentials() == null
                                            ? "the machine asks for credentials, and none are configured"
                                            : "the machine gave a token and then refused it: "
                                                    + status.getDescription());
                        default -> failBy(status);
                    }
                });
    }

    /** Two names may lead to one machine: its part id tells. A machine without a cloud says that it has none (seen live). */
    private void askIdentity(Channel ready, InetSocketAddress peer, MachineReport.@Nullable Software software) {
        ask(
                ready,
                RobotServiceGrpc.getGetCloudMetadataMethod(),
                GetCloudMetadataRequest.getDefaultInstance(),
                (status, answer, _) -> {
                    switch (status.getCode()) {
                        case OK -> open(ready, peer, software, answer == null ? "" : answer.getMachinePartId());
                        case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> failBy(status);
                        default -> open(ready, peer, software, "");
                    }
                });
    }

    private static MachineReport.@Nullable Software software(@Nullable GetVersionResponse answer) {
        return answer == null
                ? null
                : new MachineReport.Software(answer.getPlatform(), answer.getVersion(), answer.getApiVersion());
    }

    private void open(Channel ready, InetSocketAddress peer, MachineReport.@Nullable Software software, String partId) {
        if (!phase.compareAndSet(Phase.OPENING, Phase.OPEN)) {
            return;
        }
        cancelTimeout();
        RouteKinds.Judgement judgement = kinds.judge(peer.getAddress());
        Route route = new Route(
                judgement.kind(),
                via,
                Route.Transport.GRPC,
                Address.of(peer).toString(),
                time.now(),
                judgement.reason());
        String identity = partId.isEmpty() ? "address " + route.peer() : "part " + partId;
        listener.opened(new DirectLink(ready, route, identity), software);
    }

    @Override
    public void connected() {
        // The calls that wait for the connection go on by themselves.
        spoken = true;
    }

    @Override
    public void gone(Status status) {
        Phase before = phase.getAndSet(Phase.OVER);
        if (before == Phase.OVER || before == Phase.RETIRED) {
            return;
        }
        // A machine that shuts down lets calls in flight end first: they are not cut off here.
        cancelTimeout();
        ManagedChannel draining = channel;
        if (draining != null) {
            draining.shutdown();
        }
        Causes.Cause cause = Causes.of(
                status,
                address,
                machine.tls().mode() == Tls.Mode.REQUIRED,
                machine.tls().serverName(),
                spoken);
        if (before == Phase.OPEN) {
            listener.broke(cause.kind(), cause.reason());
        } else {
            listener.failed(cause.kind(), cause.reason());
        }
    }

    private void failBy(Status status) {
        Causes.Cause cause = Causes.of(
                status,
                address,
                machine.tls().mode() == Tls.Mode.REQUIRED,
                machine.tls().serverName(),
                spoken);
        fail(cause.kind(), cause.reason());
    }

    private void fail(FailureKind kind, String reason) {
        if (phase.compareAndSet(Phase.OPENING, Phase.OVER)) {
            release();
            listener.failed(kind, reason);
        }
    }

    @Override
    public void close() {
        if (phase.getAndSet(Phase.OVER) != Phase.OVER) {
            release();
        }
    }

    @Override
    public void retire() {
        if (phase.compareAndSet(Phase.OPEN, Phase.RETIRED)) {
            ManagedChannel open = channel;
            if (open != null) {
                open.shutdown();
            }
        }
    }

    private void release() {
        cancelTimeout();
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
        }
    }

    private void cancelTimeout() {
        Time.Timer timer = timeout;
        if (timer != null) {
            timer.cancel();
        }
    }

    private String where() {
        return Address.of(address).toString();
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static Channel tokenless(Channel channel) {
        Metadata headers = new Metadata();
        headers.put(CLIENT, CLIENT_VALUE);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Channel withToken(Channel channel, String token) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        headers.put(CLIENT, CLIENT_VALUE);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private interface Answered<A> {
        void with(Status status, @Nullable A answer, InetSocketAddress peer);
    }

    private <Q extends Message, A extends Message> void ask(
            Channel on, MethodDescriptor<Q, A> method, Q request, Answered<A> then) {
        CallTracer tracer = new CallTracer();
        ClientCall<Q, A> call = on.newCall(
                method,
                CallOptions.DEFAULT
                        .withDeadlineAfter(machine.dialTimeout().toMillis(), TimeUnit.MILLISECONDS)
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
                        if (!status.isOk() && !tracer.answered() && isMadeUp(status)) {
                            fail(
                                    FailureKind.PROTOCOL,
                                    "what answers at " + where() + " is not a viam-server: " + status.getDescription());
                            return;
                        }
                        Object peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
                        then.with(status, answer, peer instanceof InetSocketAddress seen ? seen : address);
                    }
                },
                new Metadata());
        call.sendMessage(request);
        call.halfClose();
        call.request(1);
    }

    /** From an HTTP answer that is not gRPC, a status is made up on our side; that of a failed transport is left as it is. */
    private static boolean isMadeUp(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> false;
            default -> true;
        };
    }

    private final class DirectLink implements Link {

        private final Channel ready;
        private final Route route;
        private final String identity;

        DirectLink(Channel ready, Route route, String identity) {
            this.ready = ready;
            this.route = route;
            this.identity = identity;
        }

        @Override
        public String identity() {
            return identity;
        }

        @Override
        public Channel channel() {
            return ready;
        }

        @Override
        public Route route() {
            return route;
        }

        @Override
        public boolean usable() {
            return phase.get() == Phase.OPEN;
        }
    }
}
