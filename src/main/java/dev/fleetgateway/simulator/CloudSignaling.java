package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import proto.rpc.webrtc.v1.AnswerRequest;
import proto.rpc.webrtc.v1.AnswerResponse;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.CallUpdateRequest;
import proto.rpc.webrtc.v1.CallUpdateResponse;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigRequest;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigResponse;
import proto.rpc.webrtc.v1.SignalingServiceGrpc;

/** The cloud's signaling on the wire, for callers and for machines that wait for them. */
final class CloudSignaling extends SignalingServiceGrpc.SignalingServiceImplBase implements ServerInterceptor {

    private static final Metadata.Key<String> HEARTBEATS =
            Metadata.Key.of("heartbeats-allowed", Metadata.ASCII_STRING_MARSHALLER);

    private static final Context.Key<List<String>> HOSTS = Context.keyWithDefault("hosts", List.of());
    private static final Context.Key<Boolean> BEATING = Context.keyWithDefault("heartbeats", false);

    private final Signaler signaler;
    private final Time time;

    // As bounded as the streams of all connections are.
    private final Set<AnswerStream> waiting = ConcurrentHashMap.newKeySet();

    CloudSignaling(Signaler signaler, Time time) {
        this.signaler = signaler;
        this.time = time;
    }

    /** Lets the methods know what the headers say. */
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Context context = Context.current()
                .withValues(HOSTS, Signaler.hosts(headers), BEATING, "true".equals(headers.get(HEARTBEATS)));
        return Contexts.interceptCall(context, call, headers, next);
    }

    /** On how many streams machines elsewhere wait for a caller of that host. */
    int waiting(String host) {
        return (int) waiting.stream().filter(stream -> stream.waitsFor(host)).count();
    }

    /** Sends all waiting machines away. */
    void breakOff() {
        waiting.forEach(stream -> stream.breakOff(Status.UNAVAILABLE.withDescription("signaling is down")));
    }

    @Override
    public void call(CallRequest request, StreamObserver<CallResponse> observer) {
        whenGone(observer, signaler.call(HOSTS.get(), request, observer));
    }

    @Override
    public void callUpdate(CallUpdateRequest request, StreamObserver<CallUpdateResponse> observer) {
        signaler.update(HOSTS.get(), request, observer);
    }

    @Override
    public void optionalWebRTCConfig(
            OptionalWebRTCConfigRequest request, StreamObserver<OptionalWebRTCConfigResponse> observer) {
        signaler.config(HOSTS.get(), observer);
    }

    @Override
    public StreamObserver<AnswerResponse> answer(StreamObserver<AnswerRequest> observer) {
        List<String> hosts = HOSTS.get();
        AnswerStream stream = new AnswerStream(hosts, observer, time);
        try {
            signaler.admit(hosts);
        } catch (Refusal refusal) {
            stream.breakOff(refusal.status());
            return stream;
        }
        waiting.add(stream);
        // The stream hears of it in another way; without this it could not be written to any more without an exception.
        whenGone(observer, () -> {});
        stream.begin(signaler, BEATING.get(), () -> waiting.remove(stream));
        return stream;
    }

    private static void whenGone(StreamObserver<?> observer, Runnable action) {
        ((ServerCallStreamObserver<?>) observer).setOnCancelHandler(action);
    }
}
