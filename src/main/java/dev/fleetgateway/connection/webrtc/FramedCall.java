package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import dev.fleetgateway.peer.Peer;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.PacketMessage;
import proto.rpc.webrtc.v1.RequestHeaders;
import proto.rpc.webrtc.v1.Response;
import proto.rpc.webrtc.v1.ResponseTrailers;

/**
 * One call as frames. It ends once, by whatever comes first: the machine's trailers, a cancel, its deadline, a bound, or the end of
 * the connection; what comes later is dropped. A call with one request is sent when that is complete, in one go.
 */
final class FramedCall<Q, A> extends ClientCall<Q, A> implements Outbox.Sender {

    /** Viam's limit for a message (2^25 bytes). A machine drops the front of a larger one and takes the rest for a message. */
    static final int MOST_MESSAGE = 33_554_432;

    private static final int READY_BELOW = 64 * 1024;

    // Room for the stream and the timeout around them.
    private static final int MOST_HEADERS = Peer.MOST_FRAME - 64;

    private final FramedChannel channel;
    private final MethodDescriptor<Q, A> method;
    private final CallOptions options;
    private final Expiry expiry;
    private final boolean urgent;
    private final boolean single;
    private final Outbox outbox;
    private final Reception<A> reception;
    private final Assembly assembly;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean ended;

    // From here on touched by the call's own user, who may not use it from two threads at once, and set before the call
    // is sent.
    private volatile @Nullable CallTracers tracers;
    private Metadata headers = new Metadata();
    private @Nullable RequestHeaders headersFrame;
    private long id;
    private boolean admitted;
    private byte @Nullable [] request;
    private boolean halfClosed;
    private volatile boolean cancelled;

    FramedCall(FramedChannel channel, MethodDescriptor<Q, A> method, CallOptions options) {
        this.channel = channel;
        this.method = method;
        this.options = options;
        Context context = Context.current();
        this.expiry = new Expiry(options.getDeadline(), context);
        this.urgent = FramedChannel.urgent(method);
        this.single = method.getType().clientSendsOneMessage();
        this.outbox = new Outbox(this, urgent);
        this.reception =
                new Reception<>(method, options.getExecutor(), channel.aside(), context, channel.unread(), this::end);
        this.assembly = new Assembly(atMost(options.getMaxInboundMessageSize()), channel.unread());
    }

    private static int atMost(@Nullable Integer asked) {
        return asked == null ? MOST_MESSAGE : Math.min(asked, MOST_MESSAGE);
    }

    @Override
    public void start(Listener<A> listener, Metadata sent) {
        if (tracers != null) {
            throw new IllegalStateException("Already started");
        }
        if (cancelled) {
            throw new IllegalStateException("call was cancelled");
        }
        headers = sent;
        tracers = new CallTracers(options, sent);
        reception.listen(listener);
        RequestHeaders frame = RequestHeaders.newBuilder()
                .setMethod("/" + method.getFullMethodName())
                .setMetadata(WireMetadata.out(sent))
                .build();
        Status refusal = refusal(frame);
        if (refusal != null) {
            end(refusal);
            return;
        }
        headersFrame = frame;
        expiry.start(channel.time(), channel.aside(), this::end);
        if (!single) {
            enqueue(List.of(begin(frame)));
        }
    }

    private @Nullable Status refusal(RequestHeaders frame) {
        Status passed = expiry.passed();
        if (passed != null) {
            return passed;
        }
        if (frame.getSerializedSize() > MOST_HEADERS) {
            return Status.RESOURCE_EXHAUSTED.withDescription(
                    "the metadata takes %d bytes, and %d fit into a frame; nothing was sent"
                            .formatted(frame.getSerializedSize(), MOST_HEADERS));
        }
        return channel.admit(this, urgent);
    }

    private Outbox.Headers begin(RequestHeaders frame) {
        return new Outbox.Headers(() -> Frames.headers(id, frame, expiry.left()));
    }

    private void enqueue(List<Outbox.Part> parts) {
        if (!channel.writer().add(outbox, parts)) {
            end(Status.RESOURCE_EXHAUSTED.withDescription(
                    "more than %d bytes wait to be sent on this connection; this was not sent"
                            .formatted(FrameWriter.MOST_WAITING)));
        }
    }

    @Override
    public void request(int messages) {
        if (messages < 0) {
            throw new IllegalArgumentException("Number requested must be non-negative");
        }
        reception.request(messages);
    }

    @Override
    public void sendMessage(Q message) {
        requireOpen();
        if (isEnded()) {
            return;
        }
        byte[] bytes;
        try {
            bytes = RequestBytes.of(method, message, atMost(options.getMaxOutboundMessageSize()));
        } catch (StatusException e) {
            end(e.getStatus());
            return;
        }
        if (single) {
            request = bytes;
        } else {
            enqueue(List.of(new Outbox.Body(bytes, false)));
        }
    }

    private void requireOpen() {
        if (tracers == null) {
            throw new IllegalStateException("Not started");
        }
        if (cancelled) {
            throw new IllegalStateException("call was cancelled");
        }
        if (halfClosed) {
            throw new IllegalStateException("call was half-closed");
        }
    }

    @Override
    public void halfClose() {
        requireOpen();
        halfClosed = true;
        RequestHeaders frame = headersFrame;
        if (frame == null) {
            return;
        }
        byte[] only = request;
        if (!single) {
            enqueue(List.of(new Outbox.End()));
        } else if (only == null) {
            enqueue(List.of(begin(frame), new Outbox.End()));
        } else {
            request = null;
            enqueue(List.of(begin(frame), new Outbox.Body(only, true)));
        }
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        cancelled = true;
        if (tracers != null) {
            end(Status.CANCELLED
                    .withDescription(message == null ? "Call cancelled without message" : message)
                    .withCause(cause));
        }
    }

    @Override
    public boolean isReady() {
        return !halfClosed && !isEnded() && channel.writer().weight(outbox) < READY_BELOW;
    }

    @Override
    public Attributes getAttributes() {
        return channel.attributes();
    }

    /** A frame for it came from the machine. One at a time. */
    void arrived(Response frame) {
        switch (frame.getTypeCase()) {
            case HEADERS -> {
                tracers().headers();
                reception.headers(WireMetadata.in(frame.getHeaders().getMetadata()));
            }
            case MESSAGE -> part(frame.getMessage().getPacketMessage());
            case TRAILERS -> trailers(frame.getTrailers());
            case TYPE_NOT_SET -> {}
        }
    }

    private void part(PacketMessage part) {
        try {
            ByteString message = assembly.add(part);
            if (message == null) {
                return;
            }
            tracers().received();
            if (!reception.message(message)) {
                end(Status.RESOURCE_EXHAUSTED.withDescription(
                        "%d messages of the machine wait to be read; the call was cancelled"
                                .formatted(Reception.MOST_WAITING)));
            }
        } catch (StatusException e) {
            end(e.getStatus());
        }
    }

    private void trailers(ResponseTrailers said) {
        Metadata trailers = WireMetadata.in(said.getMetadata());
        WireMetadata.putDetails(trailers, said.getStatus());
        String text = said.getStatus().getMessage();
        // No status is success.
        Status status = Status.fromCodeValue(said.getStatus().getCode()).withDescription(text.isEmpty() ? null : text);
        if (assembly.close() && status.isOk()) {
            status = Status.INTERNAL.withDescription("the machine ended the call in the middle of a message");
        }
        finish(status, trailers, By.MACHINE);
    }

    /** Ends it from our side; the machine is told, where it knows of the call. */
    private void end(Status status) {
        finish(status, new Metadata(), By.US);
    }

    /** The connection is gone. */
    void lost(Status status) {
        finish(status, new Metadata(), By.LOSS);
    }

    private enum By {
        MACHINE,
        US,
        LOSS
    }

    private void finish(Status status, Metadata trailers, By by) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
        } finally {
            lock.unlock();
        }
        assembly.close();
        expiry.stop();
        channel.writer().drop(outbox, by == By.US);
        CallTracers told = tracers();
        reception.close(status, trailers, by != By.MACHINE, () -> {
            if (by == By.MACHINE) {
                told.trailers(trailers);
            }
            told.closed(status);
        });
        if (admitted) {
            channel.forget(id);
        }
    }

    private boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private CallTracers tracers() {
        CallTracers started = tracers;
        if (started == null) {
            throw new IllegalStateException("Not started");
        }
        return started;
    }

    /** It is in flight under this id. */
    void identify(long given) {
        id = given;
        admitted = true;
        outbox.identify(given);
    }

    @Override
    public boolean handing() {
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            reception.hold(true);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void handed(boolean taken) {
        if (taken) {
            tracers().created(channel.attributes(), headers);
        }
        reception.hold(false);
    }

    @Override
    public void drained() {
        if (!single) {
            reception.ready();
        }
    }
}
