package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.time.Time;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import proto.rpc.webrtc.v1.Response;

/**
 * gRPC over one open peer, calling side. It never reconnects: once the peer is closed, calls in flight end with {@code UNAVAILABLE}
 * and their fate is unknown; those begun afterwards end so at once, and nothing of them was sent.
 *
 * <p>Whoever listens to the peer passes its news to {@link #frame} and {@link #closed}.
 */
final class FramedChannel extends Channel {

    private static final Logger log = LoggerFactory.getLogger(FramedChannel.class);

    /** As many as a viam-server takes on one connection over HTTP/2; over a data channel it does not say. */
    static final int MOST_CALLS = 250;

    /** Of these, only presence, stops and status may use the last. */
    static final int RESERVE = 50;

    /** What may wait to be read, of all calls together: four of the largest messages. */
    static final long MOST_UNREAD = 4L * FramedCall.MOST_MESSAGE;

    private static final Set<String> URGENT =
            Set.of("StartSession", "SendSessionHeartbeat", "GetMachineStatus", "Stop", "StopAll", "StopPlan");

    private final Peer peer;
    private final Time time;
    private final Executor aside;
    private final String authority;
    private final Attributes attributes;
    private final FrameWriter writer;
    private final Allowance unread = new Allowance(MOST_UNREAD);
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Long, FramedCall<?, ?>> calls = new HashMap<>();

    @GuardedBy("lock")
    private long lastId;

    @GuardedBy("lock")
    private @Nullable Runnable whenIdle;

    @GuardedBy("lock")
    private @Nullable Status over;

    /**
     * Over an open peer.
     *
     * @param remote where the other side is, as observed
     */
    FramedChannel(Peer peer, InetSocketAddress remote, Time time) {
        this(peer, remote, time, Thread::startVirtualThread);
    }

    /**
     * Over an open peer.
     *
     * @param aside where it does what neither a timer nor the library's thread should wait for
     */
    FramedChannel(Peer peer, InetSocketAddress remote, Time time, Executor aside) {
        this.peer = peer;
        this.time = time;
        this.aside = aside;
        this.authority = remote.getHostString() + ":" + remote.getPort();
        this.attributes = Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, remote)
                .build();
        this.writer = new FrameWriter(peer, time, aside, () -> closed("its data channel takes nothing any more"));
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        return new FramedCall<>(this, method, options);
    }

    @Override
    public String authority() {
        return authority;
    }

    /** A frame came from the machine. Never blocks but for the listener of a call that has no executor. */
    void frame(byte[] frame) {
        Response response;
        try {
            response = Frames.read(frame);
        } catch (InvalidProtocolBufferException e) {
            log.warn("{} sent a frame of {} bytes that is none: {}", authority, frame.length, e.getMessage());
            return;
        }
        FramedCall<?, ?> call;
        lock.lock();
        try {
            call = calls.get(response.getStream().getId());
        } finally {
            lock.unlock();
        }
        // Else it is late: the call has ended on our side.
        if (call != null) {
            call.arrived(response);
        }
    }

    /** The peer is closed, by the other side or by the network. */
    void closed(String reason) {
        end(Status.UNAVAILABLE.withDescription("the connection over WebRTC is gone: " + reason));
    }

    /** Closes the peer, and ends calls in flight with {@code UNAVAILABLE}. */
    void close() {
        peer.close();
        end(Status.UNAVAILABLE.withDescription("the connection over WebRTC was closed here"));
    }

    /** Takes no call any more. The peer stays open. */
    void retire(Runnable whenLastHasEnded) {
        lock.lock();
        try {
            if (whenIdle != null) {
                return;
            }
            whenIdle = whenLastHasEnded;
            if (!calls.isEmpty()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        whenLastHasEnded.run();
    }

    private void end(Status status) {
        List<FramedCall<?, ?>> lost;
        lock.lock();
        try {
            if (over != null) {
                return;
            }
            over = status;
            lost = List.copyOf(calls.values());
        } finally {
            lock.unlock();
        }
        writer.close();
        if (!lost.isEmpty()) {
            aside.execute(() -> lost.forEach(call -> call.lost(status)));
        }
    }

    /** Why a call cannot begin, or null: then it is in flight, and was given its id. */
    @Nullable
    Status admit(FramedCall<?, ?> call, boolean urgent) {
        lock.lock();
        try {
            if (over != null) {
                return over;
            }
            if (whenIdle != null) {
                return Status.UNAVAILABLE.withDescription("the connection over WebRTC takes no more calls");
            }
            if (calls.size() >= MOST_CALLS - (urgent ? 0 : RESERVE)) {
                return Status.RESOURCE_EXHAUSTED.withDescription(
                        "%d calls are in flight on this connection, and more are not begun".formatted(calls.size()));
            }
            do {
                lastId = lastId == Frames.LAST_ID ? 1 : lastId + 1;
            } while (calls.containsKey(lastId));
            call.identify(lastId);
            calls.put(lastId, call);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** It has ended. */
    void forget(long id) {
        Runnable idle;
        lock.lock();
        try {
            if (calls.remove(id) == null || !calls.isEmpty() || whenIdle == null) {
                return;
            }
            idle = whenIdle;
        } finally {
            lock.unlock();
        }
        idle.run();
    }

    static boolean urgent(MethodDescriptor<?, ?> method) {
        return URGENT.contains(String.valueOf(method.getBareMethodName()));
    }

    FrameWriter writer() {
        return writer;
    }

    Allowance unread() {
        return unread;
    }

    Attributes attributes() {
        return attributes;
    }

    Time time() {
        return time;
    }

    Executor aside() {
        return aside;
    }
}
