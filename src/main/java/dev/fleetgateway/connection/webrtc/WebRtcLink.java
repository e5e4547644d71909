package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.Link;
import dev.fleetgateway.route.Route;
import io.grpc.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What a dial became. */
record WebRtcLink(
        Channel channel,
        Route route,
        String identity,
        BooleanSupplier open,
        BooleanSupplier wearing,
        Supplier<CompletableFuture<Route>> looking)
        implements Link {

    @Override
    public CompletableFuture<Route> look() {
        return looking.get();
    }

    @Override
    public boolean worn() {
        return wearing.getAsBoolean();
    }

    @Override
    public boolean usable() {
        return open.getAsBoolean();
    }
}
