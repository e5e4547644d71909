package dev.fleetgateway.session;

import com.google.protobuf.Message;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.route.Route;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import viam.robot.v1.SendSessionHeartbeatRequest;
import viam.robot.v1.SendSessionHeartbeatResponse;
import viam.robot.v1.StartSessionResponse;

/** A link to a machine whose side of the talk about sessions the test speaks. */
final class ScriptedLink implements Link {

    private final Deque<Asked> open = new ArrayDeque<>();
    private boolean answersBeats = true;
    private boolean usable = true;
    int starts;
    int beats;

    private record Asked(Object request, ClientCall.Listener<Object> listener) {}

    /** Answers the request for a session that has come. */
    void starts(String id, Duration window) {
        answer(StartSessionResponse.newBuilder()
                .setId(id)
                .setHeartbeatWindow(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(window.toSeconds())
                        .setNanos(window.toNanosPart()))
                .build());
    }

    /** Answers a beat that has come. */
    void hears() {
        answer(SendSessionHeartbeatResponse.getDefaultInstance());
    }

    /** Ends the first call that waits with that status. */
    void fails(Status status) {
        open.removeFirst().listener.onClose(status, new Metadata());
    }

    /** Whether beats are answered at once, or wait for {@link #hears} and {@link #fails}. */
    void answersBeats(boolean wanted) {
        answersBeats = wanted;
    }

    /** Beats that wait for an answer are given up, as their deadlines say. */
    void forgetsWhatWaits() {
        while (!open.isEmpty()) {
            fails(Status.DEADLINE_EXCEEDED);
        }
    }

    void breaks() {
        usable = false;
    }

    private void answer(Message message) {
        ClientCall.Listener<Object> listener = open.removeFirst().listener;
        listener.onMessage(message);
        listener.onClose(Status.OK, new Metadata());
    }

    private void came(Asked asked) {
        open.addLast(asked);
        if (asked.request instanceof SendSessionHeartbeatRequest) {
            beats++;
            if (answersBeats) {
                hears();
            }
        } else {
            starts++;
        }
    }

    @Override
    public Channel channel() {
        return new Channel() {
            @Override
            public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
                options.getStreamTracerFactories()
                        .forEach(factory -> factory.newClientStreamTracer(
                                        ClientStreamTracer.StreamInfo.newBuilder()
                                                .build(),
                                        new Metadata())
                                .streamCreated(Attributes.EMPTY, new Metadata()));
                return new ScriptedCall<>();
            }

            @Override
            public String authority() {
                return "scripted";
            }
        };
    }

    @Override
    public Route route() {
        return new Route(
                Route.Kind.LAN,
                Route.Via.ADDRESS,
                Route.Transport.GRPC,
                "10.0.0.7:8080",
                Instant.parse("2030-01-01T00:00:00Z"),
                "in the test");
    }

    @Override
    public boolean usable() {
        return usable;
    }

    private final class ScriptedCall<Q, A> extends ClientCall<Q, A> {

        private ClientCall.@Nullable Listener<Object> listener;
        private @Nullable Object request;

        @Override
        @SuppressWarnings("unchecked")
        public void start(Listener<A> listener, Metadata headers) {
            this.listener = (ClientCall.Listener<Object>) listener;
        }

        @Override
        public void request(int messages) {}

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {}

        @Override
        public void halfClose() {
            if (listener != null && request != null) {
                came(new Asked(request, listener));
            }
        }

        @Override
        public void sendMessage(Q message) {
            request = message;
        }
    }
}
