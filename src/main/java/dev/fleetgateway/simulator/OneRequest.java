package dev.fleetgateway.simulator;

import io.grpc.ServerCall;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Waits for the one message of a call, hands it over when the caller has finished, and tells when he went away. */
final class OneRequest extends ServerCall.Listener<Inbound> {

    private final Arrival arrival;
    private final BiConsumer<Arrival, @Nullable Inbound> enter;
    private @Nullable Inbound request;

    /**
     * @param enter takes the call with its message, null if there was none
     */
    OneRequest(Arrival arrival, BiConsumer<Arrival, @Nullable Inbound> enter) {
        this.arrival = arrival;
        this.enter = enter;
    }

    @Override
    public void onMessage(Inbound message) {
        request = message;
    }

    @Override
    public void onHalfClose() {
        enter.accept(arrival, request);
        request = null;
    }

    @Override
    public void onCancel() {
        arrival.callerLeft();
    }
}
