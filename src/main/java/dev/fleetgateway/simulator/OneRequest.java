package dev.fleetgateway.simulator;

import io.grpc.ServerCall;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits for the one message of a call, hands it over when the caller has finished, and tells when he went away. */
final class OneRequest extends ServerCall.Listener<Inbound> {

    private final Function<@Nullable Inbound, @Nullable Call> enter;
    private @Nullable Inbound request;
    private @Nullable Call call;

    /**
     * @param enter takes the message, null if there was none, and gives back the call if it was let in
     */
    OneRequest(Function<@Nullable Inbound, @Nullable Call> enter) {
        this.enter = enter;
    }

    @Override
    public void onMessage(Inbound message) {
        request = message;
    }

    @Override
    public void onHalfClose() {
        call = enter.apply(request);
        request = null;
    }

    @Override
    public void onCancel() {
        if (call != null) {
            call.abandoned();
        }
    }
}
