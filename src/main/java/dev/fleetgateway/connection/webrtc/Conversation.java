package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.rpc.Code;
import dev.fleetgateway.connection.CallTracer;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.FirstCalls;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.peer.Peer;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.CallUpdateRequest;
import proto.rpc.webrtc.v1.CallUpdateResponse;
import proto.rpc.webrtc.v1.ICECandidate;
import proto.rpc.webrtc.v1.SignalingServiceGrpc;

/**
 * What one dial and the machine tell each other through the signaling server: an offer, its answer, and candidates both ways. That
 * it ends well means nothing (seen live): only an open data channel is success.
 */
final class Conversation {

    /** What is sent after it is too late hangs for 10 s (seen live), so nothing waits for longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** The server ends it after 10 s. */
    private static final Duration LONGEST = Duration.ofSeconds(12);

    private static final int MOST_CANDIDATES = 128;

    private final SignalingFailures failures;
    private final Listener listener;
    private final CallTracer tracer = new CallTracer();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Peer.IceCandidate> waiting = new ArrayList<>();

    @GuardedBy("lock")
    private @Nullable Channel channel;

    @GuardedBy("lock")
    private @Nullable ClientCall<CallRequest, CallResponse> call;

    @GuardedBy("lock")
    private @Nullable String uuid;

    @GuardedBy("lock")
    private boolean taken;

    @GuardedBy("lock")
    private boolean ended;

    /** Hears what the machine says; on an event loop, which must not be blocked. */
    interface Listener {

        /** The machine answered. Once. */
        void answered(String sdp);

        /** One of the machine's candidates. */
        void heard(Peer.IceCandidate candidate);

        /** There will be no answer. Once, and not after {@link #answered}. */
        void unanswered(DialFailedException failure);
    }

    Conversation(SignalingFailures failures, Listener listener) {
        this.failures = failures;
        this.listener = listener;
    }

    /** Sends the offer, unless the conversation has ended already. */
    void offer(Channel on, String sdp, boolean trickle) {
        ClientCall<CallRequest, CallResponse> begun;
        lock.lock();
        try {
            if (ended) {
                return;
            }
            begun = on.newCall(
                    SignalingServiceGrpc.getCallMethod(),
                    CallOptions.DEFAULT
                            .withDeadlineAfter(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                            .withStreamTracerFactory(tracer));
            channel = on;
            call = begun;
        } finally {
            lock.unlock();
        }
        begun.start(new Answers(begun), new Metadata());
        begun.sendMessage(CallRequest.newBuilder()
                .setSdp(Descriptions.offer(sdp))
                .setDisableTrickle(!trickle)
                .build());
        begun.halfClose();
        begun.request(1);
    }

    /** Whether an offer was sent. */
    boolean offered() {
        lock.lock();
        try {
            return call != null;
        } finally {
            lock.unlock();
        }
    }

    /** One of our candidates, which waits until the machine's answer was taken. */
    void tell(Peer.IceCandidate candidate) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (!taken) {
                if (waiting.size() < MOST_CANDIDATES) {
                    waiting.add(candidate);
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        send(candidate);
    }

    /** The machine's answer was taken: it may hear of our candidates now. */
    void taken() {
        List<Peer.IceCandidate> mayGo;
        lock.lock();
        try {
            taken = true;
            mayGo = ended ? List.of() : List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        mayGo.forEach(this::send);
    }

    private void send(Peer.IceCandidate candidate) {
        ICECandidate.Builder wire =
                ICECandidate.newBuilder().setCandidate(candidate.candidate()).setSdpmLineIndex(candidate.line());
        if (candidate.mid() != null) {
            wire.setSdpMid(candidate.mid());
        }
        var _ = update(CallUpdateRequest.newBuilder().setCandidate(wire));
    }

    private CompletableFuture<?> update(CallUpdateRequest.Builder update) {
        Channel on;
        lock.lock();
        try {
            on = channel;
            if (on == null || uuid == null) {
                return CompletableFuture.completedFuture(null);
            }
            update.setUuid(uuid);
        } finally {
            lock.unlock();
        }
        CompletableFuture<Reply<CallUpdateResponse>> sent =
                FirstCalls.ask(on, SignalingServiceGrpc.getCallUpdateMethod(), update.build(), PATIENCE);
        return sent;
    }

    /**
     * The data channel is open: nothing more is told but that.
     *
     * @return completes when nothing of it is under way any more
     */
    CompletableFuture<?> done() {
        return end(CallUpdateRequest.newBuilder().setDone(true));
    }

    /** The dial was given up: the machine is told, where it knows of it. Completes like {@link #done()}. */
    CompletableFuture<?> giveUp(String why) {
        return end(CallUpdateRequest.newBuilder()
                .setError(com.google.rpc.Status.newBuilder()
                        .setCode(Code.CANCELLED_VALUE)
                        .setMessage(why)));
    }

    private CompletableFuture<?> end(CallUpdateRequest.Builder last) {
        ClientCall<CallRequest, CallResponse> open;
        lock.lock();
        try {
            if (ended) {
                return CompletableFuture.completedFuture(null);
            }
            ended = true;
            waiting.clear();
            open = call;
        } finally {
            lock.unlock();
        }
        return update(last).whenComplete((_, _) -> {
            if (open != null) {
                open.cancel("the dial is over", null);
            }
        });
    }

    private final class Answers extends ClientCall.Listener<CallResponse> {

        private final ClientCall<CallRequest, CallResponse> begun;
        private boolean answered;

        Answers(ClientCall<CallRequest, CallResponse> begun) {
            this.begun = begun;
        }

        @Override
        public void onMessage(CallResponse response) {
            begun.request(1);
            switch (response.getStageCase()) {
                case INIT -> init(response);
                case UPDATE -> {
                    ICECandidate theirs = response.getUpdate().getCandidate();
                    if (isOurs(response.getUuid())) {
                        listener.heard(new Peer.IceCandidate(
                                theirs.getCandidate(),
                                theirs.hasSdpMid() ? theirs.getSdpMid() : null,
                                theirs.getSdpmLineIndex()));
                    }
                }
                case STAGE_NOT_SET -> {}
            }
        }

        private void init(CallResponse response) {
            if (answered) {
                return;
            }
            answered = true;
            lock.lock();
            try {
                uuid = response.getUuid();
                if (ended) {
                    return;
                }
            } finally {
                lock.unlock();
            }
            try {
                listener.answered(Descriptions.answer(response.getInit().getSdp()));
            } catch (DialFailedException e) {
                listener.unanswered(e);
            }
        }

        private boolean isOurs(String id) {
            lock.lock();
            try {
                return !ended && id.equals(uuid);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            // Once there is an answer, the way may open without another word.
            if (!answered) {
                listener.unanswered(failure(status));
            }
        }

        private DialFailedException failure(Status status) {
            if (status.isOk()) {
                return new DialFailedException(
                        FailureKind.OFFLINE, "the signaling server ended the call without an answer of the machine");
            }
            return tracer.answered() ? failures.refused(status) : failures.lost(status, true);
        }
    }
}
