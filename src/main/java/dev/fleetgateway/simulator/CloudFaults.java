package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is wrong with the calls that reach the cloud. Calls held back wait in a set, on no thread. */
final class CloudFaults implements ServerInterceptor {

    private static final String SIGNALING = "proto.rpc.webrtc.v1.SignalingService";

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    // As bounded as the streams of all connections are.
    @GuardedBy("lock")
    private final Set<Held<?, ?>> held = new LinkedHashSet<>();

    private volatile boolean hanging;
    private volatile boolean failing;
    private volatile boolean signalingDown;
    private volatile Duration delay = Duration.ZERO;

    CloudFaults(Time time) {
        this.time = time;
    }

    void hang() {
        hanging = true;
    }

    void fail() {
        failing = true;
    }

    void signalingDown() {
        signalingDown = true;
    }

    void delay(Duration by) {
        delay = by;
    }

    /** Ends all faults and lets go what was held back. */
    void mend() {
        failing = false;
        signalingDown = false;
        delay = Duration.ZERO;
        List<Held<?, ?>> released;
        lock.lock();
        try {
            hanging = false;
            released = List.copyOf(held);
            held.clear();
        } finally {
            lock.unlock();
        }
        released.forEach(Held::release);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        boolean signaling = SIGNALING.equals(call.getMethodDescriptor().getServiceName());
        if (failing || (signaling && signalingDown)) {
            call.close(
                    Status.UNAVAILABLE.withDescription(failing ? "the cloud has failed" : "signaling is down"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        Duration by = delay;
        if (!hanging && by.isZero()) {
            return next.startCall(call, headers);
        }
        Held<Q, A> waiting = new Held<>(call, headers, next);
        if (!by.isZero()) {
            time.after(by, waiting::arrive);
        } else {
            waiting.arrive();
        }
        return waiting;
    }

    private void forget(Held<?, ?> gone) {
        lock.lock();
        try {
            held.remove(gone);
        } finally {
            lock.unlock();
        }
    }

    /** A call that has not begun. No message of it comes in before it has, since nobody has asked for one. */
    private final class Held<Q, A> extends ServerCall.Listener<Q> {

        private final ServerCall<Q, A> call;
        private final Metadata headers;
        private final ServerCallHandler<Q, A> next;
        private final ReentrantLock order = new ReentrantLock();

        @GuardedBy("order")
        private ServerCall.@Nullable Listener<Q> begun;

        @GuardedBy("order")
        private boolean gone;

        Held(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            this.call = call;
            this.headers = headers;
            this.next = next;
        }

        /** Goes on, or hangs. */
        void arrive() {
            lock.lock();
            try {
                if (hanging) {
                    held.add(this);
                    return;
                }
            } finally {
                lock.unlock();
            }
            release();
        }

        // Begun under the lock, so that its end is heard after its beginning; nobody else waits for this lock.
        void release() {
            order.lock();
            try {
                if (!gone) {
                    begun = next.startCall(call, headers);
                }
            } finally {
                order.unlock();
            }
        }

        @Override
        public void onMessage(Q message) {
            ServerCall.Listener<Q> to = begun();
            if (to != null) {
                to.onMessage(message);
            }
        }

        @Override
        public void onHalfClose() {
            ServerCall.Listener<Q> to = begun();
            if (to != null) {
                to.onHalfClose();
            }
        }

        @Override
        public void onReady() {
            ServerCall.Listener<Q> to = begun();
            if (to != null) {
                to.onReady();
            }
        }

        @Override
        public void onComplete() {
            ServerCall.Listener<Q> to = begun();
            if (to != null) {
                to.onComplete();
            }
        }

        @Override
        public void onCancel() {
            ServerCall.Listener<Q> to;
            order.lock();
            try {
                gone = true;
                to = begun;
            } finally {
                order.unlock();
            }
            forget(this);
            if (to != null) {
                to.onCancel();
            }
        }

        private ServerCall.@Nullable Listener<Q> begun() {
            order.lock();
            try {
                return begun;
            } finally {
                order.unlock();
            }
        }
    }
}
