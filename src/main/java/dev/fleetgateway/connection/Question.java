package dev.fleetgateway.connection;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One question of the gateway's own to a machine: asked once, answered within its time. */
public final class Question {

    private Question() {}

    /**
     * Asks without waiting.
     *
     * @return completes on an event loop, which must not be blocked; fails with a {@code StatusRuntimeException}, at the latest
     *     when the time is over
     */
    public static <Q, A> CompletableFuture<A> ask(
            Channel channel, MethodDescriptor<Q, A> method, Q request, Duration within) {
        return ask(channel, method, request, within, null);
    }

    /** The same, with a tracer that tells afterwards how far it came. */
    public static <Q, A> CompletableFuture<A> ask(
            Channel channel, MethodDescriptor<Q, A> method, Q request, Duration within, @Nullable CallTracer tracer) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(within.toNanos(), TimeUnit.NANOSECONDS);
        ClientCalls.asyncUnaryCall(
                channel.newCall(method, tracer == null ? options : options.withStreamTracerFactory(tracer)),
                request,
                new StreamObserver<A>() {
                    private @Nullable A got;

                    @Override
                    public void onNext(A value) {
                        got = value;
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        A value = got;
                        if (value == null) {
                            answer.completeExceptionally(new StatusRuntimeException(
                                    Status.INTERNAL.withDescription("the machine ended the call without an answer")));
                        } else {
                            answer.complete(value);
                        }
                    }
                });
        return answer;
    }

    /** A failure in few words: the status code, and what was said with it. What gRPC says of its own clock is nothing for people. */
    public static String words(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return status.getCode() + ", no answer in time";
        }
        return status.getDescription() == null
                ? status.getCode().name()
                : status.getCode() + " " + status.getDescription();
    }
}
