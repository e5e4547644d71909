package dev.fleetgateway.connection;

import com.google.protobuf.Timestamp;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.time.Time;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import viam.robot.v1.ConfigStatus;
import viam.robot.v1.GetMachineStatusResponse;

/** A link whose calls wait for the test to answer them. */
final class FakeLink implements Link {

    private final Channel channel = new Channel() {
        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            tracers = options.getStreamTracerFactories().stream()
                    .map(factory -> factory.newClientStreamTracer(
                            ClientStreamTracer.StreamInfo.newBuilder().build(), new Metadata()))
                    .toList();
            return new FakeCall<>();
        }

        @Override
        public String authority() {
            return "fake";
        }
    };

    private final Deque<ClientCall.Listener<Object>> open = new ArrayDeque<>();
    private final Route route;
    private List<ClientStreamTracer> tracers = List.of();
    int asked;
    boolean usable = true;
    boolean worn;

    @Nullable
    Route seen;

    String identity = "part 1";

    FakeLink(Candidate candidate, Time time) {
        this.route = new Route(
                Objects.requireNonNull(candidate.kind()),
                candidate.via(),
                candidate.transport(),
                candidate.address(),
                time.now(),
                candidate.reason());
    }

    void answersRunning() {
        answers(GetMachineStatusResponse.newBuilder()
                .setState(GetMachineStatusResponse.State.STATE_RUNNING)
                .setConfig(ConfigStatus.newBuilder().setLastUpdated(Timestamp.getDefaultInstance()))
                .build());
    }

    void answers(Object message) {
        ClientCall.Listener<Object> listener = open.removeFirst();
        listener.onMessage(message);
        listener.onClose(Status.OK, new Metadata());
    }

    /** The machine itself ends the call with that status. */
    void fails(Status status) {
        tracers.forEach(tracer -> tracer.inboundTrailers(new Metadata()));
        open.removeFirst().onClose(status, new Metadata());
    }

    void misses() {
        open.removeFirst().onClose(Status.DEADLINE_EXCEEDED, new Metadata());
    }

    /** What is there answers, but not in gRPC: the status is made up on our side. */
    void answersNonsense() {
        open.removeFirst().onClose(Status.UNIMPLEMENTED.withDescription("HTTP status code 404"), new Metadata());
    }

    boolean isAsked() {
        return !open.isEmpty();
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public Route route() {
        return route;
    }

    @Override
    public CompletableFuture<Route> look() {
        return CompletableFuture.completedFuture(seen == null ? route : seen);
    }

    @Override
    public boolean worn() {
        return worn;
    }

    @Override
    public boolean usable() {
        return usable;
    }

    @Override
    public String identity() {
        return identity;
    }

    private final class FakeCall<Q, A> extends ClientCall<Q, A> {

        @Override
        @SuppressWarnings("unchecked")
        public void start(Listener<A> listener, Metadata headers) {
            asked++;
            open.addLast((ClientCall.Listener<Object>) listener);
        }

        @Override
        public void request(int messages) {}

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {}

        @Override
        public void halfClose() {}

        @Override
        public void sendMessage(Q message) {}
    }
}
