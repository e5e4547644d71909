package dev.fleetgateway.simulator;

import io.grpc.ServerCall;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Waits for the one message of a call, hands it over when the caller has finished, and tells when he went away. */
final class OneRequest extends ServerCall.Listener<Inbound> {

    private final BiConsumer<@Nullable Inbound, Arrival> enter;
    private final Arrival arrival = new Arrival();
    private @Nullable Inbound request;

    /**
     * @param enter takes the message, null if there was none, and where to say that the call was let in
     */
    OneRequest(BiConsumer<@Nullable Inbound, Arrival> enter) {
        this.enter = enter;
    }

    @Override
    public void onMessage(Inbound message) {
        request = message;
    }

    @Override
    public void onHalfClose() {
        enter.accept(request, arrival);
        request = null;
    }

    @Override
    public void onCancel() {
        arrival.callerLeft();
    }
}
