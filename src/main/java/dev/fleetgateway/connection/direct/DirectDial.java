package dev.fleetgateway.connection.direct;

import dev.fleetgateway.connection.Causes;
import dev.fleetgateway.connection.Dialer;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.FirstCalls;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.time.Time;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import proto.rpc.v1.AuthenticateResponse;

/**
 * One dial: connect, authenticate where there is a key, ask for the version, and then the link it became. Authenticate must not
 * carry a token, and an open machine answers it with UNIMPLEMENTED (seen live), which is no failure.
 */
final class DirectDial implements Dialer.Dial, OneConnection.Watcher {

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
            introduce(FirstCalls.tokenless(made));
            return;
        }
        try {
            authenticate(made, key, key.source().read());
        } catch (IllegalStateException e) {
            fail(FailureKind.CREDENTIALS, String.valueOf(e.getMessage()));
        }
    }

    private void authenticate(ManagedChannel made, ApiKey key, String secret) {
        var _ = FirstCalls.authenticate(made, key.id(), secret, machine.dialTimeout())
                .thenAccept(reply -> {
                    switch (reply) {
                        case Reply.Given<AuthenticateResponse>(var answer, var _) ->
                            introduce(FirstCalls.withToken(made, answer.getAccessToken()));
                        case Reply.Refused<AuthenticateResponse> refused -> notAuthenticated(made, key, refused);
                        case Reply.Nonsense<AuthenticateResponse>(var status) -> nonsense(status);
                        case Reply.Lost<AuthenticateResponse>(var status) -> failBy(status);
                    }
                });
    }

    private void notAuthenticated(ManagedChannel made, ApiKey key, Reply.Refused<?> refused) {
        switch (refused.status().getCode()) {
            case UNIMPLEMENTED -> introduce(FirstCalls.tokenless(made));
            case UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT ->
                fail(FailureKind.CREDENTIALS, "the machine did not accept API key " + key.id() + ": " + refused.said());
            default -> failBy(refused.status());
        }
    }

    private void introduce(Channel ready) {
        var _ = FirstCalls.introduction(ready, machine.dialTimeout()).thenAccept(reply -> {
            switch (reply) {
                case Reply.Given<FirstCalls.Introduction>(var introduction, var peer) ->
                    open(ready, peer instanceof InetSocketAddress seen ? seen : address, introduction);
                case Reply.Refused<FirstCalls.Introduction> refused -> {
                    if (refused.status().getCode() == Status.Code.UNAUTHENTICATED) {
                        fail(
                                FailureKind.CREDENTIALS,
                                machine.credentials() == null
                                        ? "the machine asks for credentials, and none are configured"
                                        : "the machine gave a token and then refused it: " + refused.said());
                    } else {
                        failBy(refused.status());
                    }
                }
                case Reply.Nonsense<FirstCalls.Introduction>(var status) -> nonsense(status);
                case Reply.Lost<FirstCalls.Introduction>(var status) -> failBy(status);
            }
        });
    }

    private void nonsense(Status status) {
        fail(FailureKind.PROTOCOL, "what answers at " + where() + " is not a viam-server: " + status.getDescription());
    }

    private void open(Channel ready, InetSocketAddress peer, FirstCalls.Introduction introduction) {
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
        String identity = introduction.identity(route.peer());
        listener.opened(new DirectLink(ready, route, identity), introduction.software());
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
        Causes.Cause cause = cause(status);
        if (before == Phase.OPEN) {
            listener.broke(cause.kind(), cause.reason());
        } else {
            listener.failed(cause.kind(), cause.reason());
        }
    }

    private void failBy(Status status) {
        Causes.Cause cause = cause(status);
        fail(cause.kind(), cause.reason());
    }

    private Causes.Cause cause(Status status) {
        return Causes.of(status, new Causes.Target(where(), "viam-server", "tls.mode", machine.tls()), spoken);
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
