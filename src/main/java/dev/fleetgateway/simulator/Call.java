package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One call from the moment it was let in: it ends exactly once, whoever ends it. */
final class Call {

    private final ServerCall<Inbound, Message> wire;
    private final Operation operation;
    private final Sessions.Holder holder;
    private final Metadata headers;
    private final Runnable release;
    private final Recorder.@Nullable Entry record;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean headersSent;

    @GuardedBy("lock")
    private boolean ended;

    /**
     * @param holder who calls, for sessions
     * @param headers what came before the request
     * @param release gives back what the call holds, before its end can be seen by the caller
     */
    Call(
            ServerCall<Inbound, Message> wire,
            Operation operation,
            Sessions.Holder holder,
            Metadata headers,
            Runnable release,
            Recorder.@Nullable Entry record) {
        this.wire = wire;
        this.operation = operation;
        this.holder = holder;
        this.headers = headers;
        this.release = release;
        this.record = record;
    }

    Operation operation() {
        return operation;
    }

    Sessions.Holder holder() {
        return holder;
    }

    Metadata headers() {
        return headers;
    }

    /** The resource is there and begins to carry the call out. */
    void begun(Instant when) {
        if (record != null) {
            record.executed(when);
        }
    }

    /** Ends the call with its one message. */
    void answer(Message message) {
        end(Status.OK, message);
    }

    /** Ends the call with an error; the headers still tell its operation. */
    void fail(Status status) {
        end(status, null);
    }

    /** Sends one message of several. */
    void next(Message message) {
        lock.lock();
        try {
            if (!ended) {
                send(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends a call that has sent all its messages. */
    void end() {
        end(Status.OK, null);
    }

    /** The caller has gone: the operation is cancelled, and nothing more is sent. */
    void abandoned() {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
        } finally {
            lock.unlock();
        }
        close(RecordedCall.State.ABANDONED, Optional.empty());
        operation.cancel();
    }

    private void end(Status status, @Nullable Message message) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            close(
                    status.isOk() ? RecordedCall.State.ANSWERED : RecordedCall.State.FAILED,
                    Optional.ofNullable(status.getDescription()));
            if (message == null) {
                sendHeaders();
            } else {
                send(message);
            }
            wire.close(status, new Metadata());
        } finally {
            lock.unlock();
        }
    }

    private void close(RecordedCall.State state, Optional<String> error) {
        release.run();
        if (record != null) {
            record.became(state, error);
        }
    }

    @GuardedBy("lock")
    private void send(Message message) {
        sendHeaders();
        wire.sendMessage(message);
    }

    @GuardedBy("lock")
    private void sendHeaders() {
        if (!headersSent) {
            headersSent = true;
            Metadata headers = new Metadata();
            headers.put(Operations.OPID, operation.id());
            wire.sendHeaders(headers);
        }
    }
}
