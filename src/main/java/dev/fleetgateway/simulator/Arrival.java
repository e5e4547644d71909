package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.Message;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way through the gates, which may take long. Its caller may go away meanwhile; a real machine finds that out
 * only once the call is in, so that what it does at once is done all the same.
 */
final class Arrival {

    private final Method method;
    private final ServerCall<Inbound, Message> wire;
    private final Metadata headers;
    private final String caller;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Call call;

    @GuardedBy("lock")
    private boolean callerGone;

    /**
     * @param caller whom its token names
     */
    Arrival(Method method, ServerCall<Inbound, Message> wire, Metadata headers, String caller) {
        this.method = method;
        this.wire = wire;
        this.headers = headers;
        this.caller = caller;
    }

    Method method() {
        return method;
    }

    ServerCall<Inbound, Message> wire() {
        return wire;
    }

    Metadata headers() {
        return headers;
    }

    /** Who calls, for sessions. */
    Sessions.Holder holder() {
        return new Sessions.Holder(caller, wire.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    }

    /** The call is in and has begun. */
    void letIn(Call admitted) {
        boolean gone;
        lock.lock();
        try {
            call = admitted;
            gone = callerGone;
        } finally {
            lock.unlock();
        }
        if (gone) {
            admitted.abandoned();
        }
    }

    /** The caller has gone away. */
    void callerLeft() {
        Call left;
        lock.lock();
        try {
            callerGone = true;
            left = call;
        } finally {
            lock.unlock();
        }
        if (left != null) {
            left.abandoned();
        }
    }
}
