package dev.fleetgateway.connection.direct;

import io.grpc.Attributes;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a gRPC channel connect exactly once, and tells what becomes of it. gRPC's own balancers reconnect when the next call
 * comes, which would send that call over a connection nobody has looked at.
 */
final class OneConnection extends LoadBalancer {

    static final String POLICY = "fleet_gateway_one_connection";

    private static final Attributes.Key<Watcher> WATCHER = Attributes.Key.create("fleet-gateway-watcher");

    static {
        LoadBalancerRegistry.getDefaultRegistry().register(new Provider());
    }

    /** Told once of each, in order, in the channel's synchronization context. */
    interface Watcher {

        void connected();

        /** Not connected, or no longer. The status has the cause. */
        void gone(Status status);
    }

    private final Helper channel;
    private @Nullable Subchannel subchannel;
    private @Nullable Watcher watcher;
    private boolean over;

    private OneConnection(Helper channel) {
        this.channel = channel;
    }

    /** What leads a channel to one address. */
    static NameResolver.Factory to(InetSocketAddress address, Watcher watcher) {
        return new ToOneAddress(address, watcher);
    }

    @Override
    public Status acceptResolvedAddresses(ResolvedAddresses resolved) {
        if (subchannel == null && !over) {
            watcher = resolved.getAttributes().get(WATCHER);
            Subchannel only = channel.createSubchannel(CreateSubchannelArgs.newBuilder()
                    .setAddresses(resolved.getAddresses())
                    .build());
            subchannel = only;
            only.start(this::changed);
            channel.updateBalancingState(
                    ConnectivityState.CONNECTING, new FixedResultPicker(PickResult.withNoResult()));
            only.requestConnection();
        }
        return Status.OK;
    }

    private void changed(ConnectivityStateInfo state) {
        Subchannel only = subchannel;
        Watcher told = watcher;
        if (over || only == null || told == null) {
            return;
        }
        switch (state.getState()) {
            case READY -> {
                channel.updateBalancingState(
                        ConnectivityState.READY, new FixedResultPicker(PickResult.withSubchannel(only)));
                told.connected();
            }
            case TRANSIENT_FAILURE -> end(only, told, state.getStatus());
            // Only after READY: a connection that is gone shows itself as idle.
            case IDLE -> end(only, told, Status.UNAVAILABLE);
            case CONNECTING, SHUTDOWN -> {}
        }
    }

    private void end(Subchannel only, Watcher told, Status status) {
        over = true;
        channel.updateBalancingState(
                ConnectivityState.TRANSIENT_FAILURE, new FixedResultPicker(PickResult.withError(unavailable(status))));
        only.shutdown();
        told.gone(status);
    }

    private static Status unavailable(Status status) {
        return Status.UNAVAILABLE.withDescription(status.getDescription()).withCause(status.getCause());
    }

    @Override
    public void handleNameResolutionError(Status error) {
        // The resolver has nothing to look up, so it has no errors.
    }

    @Override
    public void shutdown() {
        over = true;
        if (subchannel != null) {
            subchannel.shutdown();
        }
    }

    private static final class Provider extends LoadBalancerProvider {

        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        public int getPriority() {
            return 5;
        }

        @Override
        public String getPolicyName() {
            return POLICY;
        }

        @Override
        public LoadBalancer newLoadBalancer(Helper channel) {
            return new OneConnection(channel);
        }
    }

    private static final class ToOneAddress extends NameResolver.Factory {

        private final InetSocketAddress address;
        private final Watcher watcher;

        ToOneAddress(InetSocketAddress address, Watcher watcher) {
            this.address = address;
            this.watcher = watcher;
        }

        @Override
        public String getDefaultScheme() {
            return "machine";
        }

        @Override
        public NameResolver newNameResolver(URI target, NameResolver.Args args) {
            return new NameResolver() {
                @Override
                public String getServiceAuthority() {
                    return address.getHostString();
                }

                @Override
                public void start(Listener2 listener) {
                    listener.onResult(ResolutionResult.newBuilder()
                            .setAddressesOrError(StatusOr.fromValue(List.of(new EquivalentAddressGroup(address))))
                            .setAttributes(Attributes.newBuilder()
                                    .set(WATCHER, watcher)
                                    .build())
                            .build());
                }

                @Override
                public void shutdown() {}
            };
        }
    }
}
