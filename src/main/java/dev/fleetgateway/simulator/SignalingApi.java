package dev.fleetgateway.simulator;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Function;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallUpdateRequest;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigRequest;
import proto.rpc.webrtc.v1.Signaling;

/** The signaling service of a machine itself. Nobody waits there but the machine, so that {@code Answer} is not implemented. */
final class SignalingApi {

    private SignalingApi() {}

    /**
     * The methods.
     *
     * @param signaler the machine's own
     * @param hosts all that the headers of a call name: {@link Signaler#hosts}
     */
    static Api<Life> api(Function<Life, Signaler> signaler, Function<Call, List<String>> hosts) {
        return Api.ofMachine(Signaling.getDescriptor(), "SignalingService")
                .run(CallRequest.getDefaultInstance(), "Call", (life, request, call) -> {
                    Runnable hungUp = signaler.apply(life).call(hosts.apply(call), request, new Answers<>(call));
                    call.operation().whenCancelled(hungUp);
                })
                .run(
                        CallUpdateRequest.getDefaultInstance(),
                        "CallUpdate",
                        (life, request, call) ->
                                signaler.apply(life).update(hosts.apply(call), request, new Answers<>(call)))
                .run(
                        OptionalWebRTCConfigRequest.getDefaultInstance(),
                        "OptionalWebRTCConfig",
                        (life, _, call) -> signaler.apply(life).config(hosts.apply(call), new Answers<>(call)));
    }

    /** What is said to a call. */
    private record Answers<T extends Message>(Call call) implements StreamObserver<T> {

        @Override
        public void onNext(T message) {
            call.next(message);
        }

        @Override
        public void onError(Throwable failure) {
            call.fail(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            call.end();
        }
    }
}
