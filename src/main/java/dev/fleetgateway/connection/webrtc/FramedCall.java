package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.time.Time;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final Context context = Context.current();
    private final Context.CancellationListener contextEnded = this::contextEnded;
    private final @Nullable Deadline deadline;
    private final boolean urgent;
    private final boolean single;
    private final Outbox outbox;
    private final Reception<A> reception;
    private final Assembly assembly;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Time.@Nullable Timer timeout;

    @GuardedBy("lock")
    private boolean ended;

    // From here on touched by the call's own user, who may not use it from two threads at once, and set before the call
    // is sent.
    private @Nullable CallTracers tracers;
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
        this.deadline = nearer(options.getDeadline(), context.getDeadline());
        this.urgent = FramedChannel.urgent(method);
        this.single = method.getType().clientSendsOneMessage();
        this.outbox = new Outbox(this, urgent);
        Executor executor = options.getExecutor();
        this.reception = new Reception<>(
                method, executor == null ? Runnable::run : executor, context, channel.unread(), this::end);
        this.assembly = new Assembly(atMost(options.getMaxInboundMessageSize()), channel.unread());
    }

    private static int atMost(@Nullable Integer asked) {
        return asked == null ? MOST_MESSAGE : Math.min(asked, MOST_MESSAGE);
    }

    private static @Nullable Deadline nearer(@Nullable Deadline one, @Nullable Deadline other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.minimum(other);
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
        watch();
        if (!single) {
            enqueue(List.of(begin(frame)));
        }
    }

    private @Nullable Status refusal(RequestHeaders frame) {
        if (context.isCancelled()) {
            return contextStatus(context);
        }
        if (deadline != null && deadline.isExpired()) {
            return Status.DEADLINE_EXCEEDED.withDescription("the deadline had passed before the call began");
        }
        if (frame.getSerializedSize() > MOST_HEADERS) {
            return Status.RESOURCE_EXHAUSTED.withDescription(
                    "the metadata takes %d bytes, and %d fit into a frame; nothing was sent"
                            .formatted(frame.getSerializedSize(), MOST_HEADERS));
        }
        return channel.admit(this, urgent);
    }

    private void watch() {
        if (deadline != null) {
            long left = deadline.timeRemaining(TimeUnit.NANOSECONDS);
            Time.Timer timer = channel.time()
                    .after(Duration.ofNanos(left), () -> channel.aside().execute(() -> late(left)));
            lock.lock();
            try {
                timeout = timer;
                if (ended) {
                    timer.cancel();
                }
            } finally {
                lock.unlock();
            }
        }
        context.addListener(contextEnded, Runnable::run);
    }

    private void late(long nanos) {
        end(Status.DEADLINE_EXCEEDED.withDescription(
                "the machine did not answer within %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(nanos))));
    }

    private void contextEnded(Context over) {
        end(contextStatus(over));
    }

    private static Status contextStatus(Context over) {
        Throwable cause = over.cancellationCause();
        return cause instanceof TimeoutException
                ? Status.DEADLINE_EXCEEDED
                        .withDescription("the context's deadline has passed")
                        .withCause(cause)
                : Status.CANCELLED.withDescription("the context was cancelled").withCause(cause);
    }

    private Outbox.Headers begin(RequestHeaders frame) {
        return new Outbox.Headers(() ->
                Frames.headers(id, frame, deadline == null ? null : deadline.timeRemaining(TimeUnit.NANOSECONDS)));
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
            if (timeout != null) {
                timeout.cancel();
            }
        } finally {
            lock.unlock();
        }
        assembly.close();
        context.removeListener(contextEnded);
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
