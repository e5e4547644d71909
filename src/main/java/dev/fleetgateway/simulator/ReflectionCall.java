package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionRequest;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One reflection stream. It remembers what it sent and does not send it again, so that whoever reads it must keep the
 * files. A stream of v1 is an operation and says so in its headers; one of v1alpha is not.
 */
final class ReflectionCall extends ServerCall.Listener<Inbound> {

    private final Life life;
    private final Faults faults;
    private final Method method;
    private final ServerCall<Inbound, Message> wire;
    private final boolean withAuthentication;
    private final @Nullable Operation operation;

    @GuardedBy("lock")
    private final Set<String> sent = new HashSet<>();

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean headersSent;

    @GuardedBy("lock")
    private boolean waiting;

    @GuardedBy("lock")
    private boolean finished;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * @param withAuthentication whether there is a service for it where the call came from
     */
    ReflectionCall(
            Life life,
            Faults faults,
            Method method,
            ServerCall<Inbound, Message> wire,
            Metadata headers,
            boolean withAuthentication) {
        this.life = life;
        this.faults = faults;
        this.method = method;
        this.wire = wire;
        this.withAuthentication = withAuthentication;
        this.operation = method.kind() == Method.Kind.REFLECTION_V1
                ? life.operations().begin(Operations.idFrom(headers), '/' + method.path(), null)
                : null;
        wire.request(1);
    }

    @Override
    public void onMessage(Inbound message) {
        if (message instanceof Inbound.Read(Message request)) {
            lock.lock();
            try {
                waiting = true;
            } finally {
                lock.unlock();
            }
            faults.admit(method.path(), new Faults.Held(() -> answer((ServerReflectionRequest) request)));
        } else {
            close(Status.INTERNAL.withDescription("grpc: error unmarshalling request"));
        }
    }

    @Override
    public void onHalfClose() {
        lock.lock();
        try {
            finished = true;
            if (waiting) {
                return;
            }
        } finally {
            lock.unlock();
        }
        close(Status.OK);
    }

    @Override
    public void onCancel() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        end();
    }

    private void answer(ServerReflectionRequest request) {
        boolean last;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            waiting = false;
            last = finished;
            sendHeaders();
            wire.sendMessage(Services.files().answer(request, sent, withAuthentication));
            wire.request(1);
        } finally {
            lock.unlock();
        }
        if (last) {
            close(Status.OK);
        }
    }

    private void close(Status status) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            sendHeaders();
            wire.close(status, new Metadata());
        } finally {
            lock.unlock();
        }
        end();
    }

    @GuardedBy("lock")
    private void sendHeaders() {
        if (!headersSent) {
            headersSent = true;
            Metadata headers = new Metadata();
            if (operation != null) {
                headers.put(Operations.OPID, operation.id());
            }
            wire.sendHeaders(headers);
        }
    }

    private void end() {
        if (operation != null) {
            life.operations().end(operation);
        }
    }
}
