package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.PacketMessage;

/** The message of which parts have come, within the bound of a message and that of the connection. */
final class Assembly {

    private final int most;
    private final Allowance allowance;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<ByteString> parts = new ArrayList<>();

    @GuardedBy("lock")
    private int size;

    @GuardedBy("lock")
    private boolean closed;

    Assembly(int most, Allowance allowance) {
        this.most = most;
        this.allowance = allowance;
    }

    /**
     * Adds a part.
     *
     * @return the message, where it is complete with it; its bytes stay taken from the allowance
     * @throws StatusException beyond a bound
     */
    @Nullable
    ByteString add(PacketMessage part) throws StatusException {
        int more = part.getData().size();
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            if (more > most - size) {
                // The words of gRPC, by which callers know it.
                throw Status.RESOURCE_EXHAUSTED
                        .withDescription("gRPC message exceeds maximum size %d: %d".formatted(most, size + more))
                        .asException();
            }
            if (!allowance.take(more)) {
                throw Status.RESOURCE_EXHAUSTED
                        .withDescription(
                                "%d bytes of the machine wait to be read on this connection; the call was cancelled"
                                        .formatted(allowance.taken()))
                        .asException();
            }
            parts.add(part.getData());
            size += more;
            if (!part.getEom()) {
                return null;
            }
            ByteString message = ByteString.copyFrom(parts);
            parts.clear();
            size = 0;
            return message;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what there is. Returns whether there was a part of a message. */
    boolean close() {
        lock.lock();
        try {
            closed = true;
            boolean begun = !parts.isEmpty();
            allowance.giveBack(size);
            parts.clear();
            size = 0;
            return begun;
        } finally {
            lock.unlock();
        }
    }
}
