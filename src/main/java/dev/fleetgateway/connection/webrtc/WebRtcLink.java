package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.Link;
import dev.fleetgateway.route.Route;
import io.grpc.Channel;
import java.util.function.BooleanSupplier;

/** What a dial became. */
record WebRtcLink(Channel channel, Route route, String identity, BooleanSupplier open) implements Link {

    @Override
    public boolean usable() {
        return open.getAsBoolean();
    }
}
