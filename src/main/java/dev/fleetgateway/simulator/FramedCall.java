package dev.fleetgateway.simulator;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.fleetgateway.time.Time;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.PacketMessage;
import proto.rpc.webrtc.v1.RequestHeaders;
import proto.rpc.webrtc.v1.RequestMessage;
import proto.rpc.webrtc.v1.Response;
import proto.rpc.webrtc.v1.ResponseHeaders;
import proto.rpc.webrtc.v1.ResponseTrailers;

/**
 * One call over a data channel, as the machine's gates see any call. What its caller sends comes to it on the executor of its
 * connection; what the machine says may come from any thread and is handed to that executor.
 */
final class FramedCall extends ServerCall<Inbound, Message> {

    private static final Status UNREADABLE =
            Status.UNKNOWN.withDescription("proto: cannot parse invalid wire-format data");

    private static final int MOST_DESCRIPTION = 8_192;
    private static final int MOST_DETAILS = 32_768;

    private final FramedConnection connection;
    private final long id;
    private final Method method;
    private final FrameWriter.Pen pen;
    private final ArrayDeque<Unread> unread = new ArrayDeque<>();

    private ByteString partial = ByteString.EMPTY;
    private @Nullable Listener<Inbound> listener;
    private Time.@Nullable Timer deadline;
    private int asked;
    private boolean finished;
    private boolean finishTold;
    private boolean headersSent;
    private volatile boolean ended;
    private volatile boolean cancelled;

    FramedCall(FramedConnection connection, long id, Method method, FrameWriter.Pen pen) {
        this.connection = connection;
        this.id = id;
        this.method = method;
        this.pen = pen;
    }

    private record Unread(Inbound message, int bytes) {}

    /** Takes the call through the machine's gates. */
    void begin(RequestHeaders headers, Intake intake, String owner, Time time) {
        Duration timeout = Duration.ofNanos(Durations.toNanos(headers.getTimeout()));
        if (timeout.isNegative()) {
            expire();
            return;
        }
        if (!timeout.isZero()) {
            deadline = time.after(timeout, () -> connection.execute(this::expire));
        }
        listener = intake.startAgreed(method, this, FramedMetadata.read(headers.getMetadata()), owner);
        deliver();
    }

    /** Its caller sent a message, a part of one, or the end of them. */
    void take(RequestMessage request) {
        if (finished) {
            return;
        }
        if (request.getHasMessage()) {
            if (!request.hasPacketMessage()) {
                // A real machine closes the stream and says nothing at all.
                vanish();
                return;
            }
            ByteString whole = join(request.getPacketMessage());
            if (whole == null) {
                return;
            }
            connection.keeps(whole.size());
            unread.add(new Unread(read(whole), whole.size()));
            finished = takesOne();
        }
        finished |= request.getEos();
        deliver();
    }

    // What is no message is told of in other words than over HTTP/2.
    private Inbound read(ByteString whole) {
        Inbound read = method.wire().parseRequest(whole.newInput());
        return read instanceof Inbound.Garbled ? new Inbound.Garbled(UNREADABLE) : read;
    }

    /** Its caller sent something else, where only messages make sense. */
    void refuse(String why) {
        cut(Status.INVALID_ARGUMENT.withDescription(why));
    }

    /** Its caller does not want it any more. */
    void reset() {
        cut(Status.CANCELLED.withDescription("request cancelled"));
    }

    /** Its caller cannot be reached any more: it is cancelled, and nothing more is written. */
    void vanish() {
        if (!ended) {
            end();
            cancel();
        }
    }

    private void expire() {
        cut(Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded"));
    }

    private void cut(Status status) {
        if (ended) {
            return;
        }
        pen.drop();
        writeHeaders(new Metadata());
        writeTrailers(status, new Metadata());
        end();
        cancel();
    }

    private void cancel() {
        cancelled = true;
        if (listener != null) {
            listener.onCancel();
        }
    }

    private void end() {
        ended = true;
        finished = true;
        if (deadline != null) {
            deadline.cancel();
        }
        connection.keeps(-partial.size());
        partial = ByteString.EMPTY;
        unread.forEach(one -> connection.keeps(-one.bytes()));
        unread.clear();
        connection.forget(id, this);
    }

    // An empty last part is an empty message, whatever was before it; and of a message that is too large the front is
    // lost and the rest is taken for a message. Both as a real machine does.
    private @Nullable ByteString join(PacketMessage packet) {
        ByteString data = packet.getData();
        if (data.isEmpty() && packet.getEom()) {
            return ByteString.EMPTY;
        }
        int before = partial.size();
        if (before + data.size() > Inbound.MOST_BYTES) {
            partial = ByteString.EMPTY;
            connection.keeps(-before);
            return null;
        }
        ByteString joined = partial.concat(data);
        if (packet.getEom()) {
            partial = ByteString.EMPTY;
            connection.keeps(-before);
            return joined;
        }
        partial = joined;
        connection.keeps(data.size());
        return null;
    }

    private boolean takesOne() {
        MethodType type = method.wire().getType();
        return type == MethodType.UNARY || type == MethodType.SERVER_STREAMING;
    }

    private void deliver() {
        while (listener != null && asked > 0 && !unread.isEmpty()) {
            Unread next = unread.remove();
            asked--;
            connection.keeps(-next.bytes());
            listener.onMessage(next.message());
        }
        if (listener != null && finished && unread.isEmpty() && !finishTold && !ended) {
            finishTold = true;
            listener.onHalfClose();
        }
    }

    private void writeHeaders(Metadata headers) {
        if (!headersSent) {
            headersSent = true;
            pen.write(Response.newBuilder()
                    .setHeaders(ResponseHeaders.newBuilder().setMetadata(FramedMetadata.write(headers))));
        }
    }

    private void writeTrailers(Status status, Metadata trailers) {
        ResponseTrailers.Builder end = ResponseTrailers.newBuilder();
        if (!trailers.keys().isEmpty()) {
            end.setMetadata(FramedMetadata.write(trailers));
        }
        if (!status.isOk()) {
            end.setStatus(status(status, trailers));
        }
        pen.write(Response.newBuilder().setTrailers(end));
    }

    private static com.google.rpc.Status.Builder status(Status status, Metadata trailers) {
        String text = status.getDescription() == null ? "" : status.getDescription();
        com.google.rpc.Status.Builder written = com.google.rpc.Status.newBuilder()
                .setCode(status.getCode().value())
                // It has to fit into one frame.
                .setMessage(text.length() > MOST_DESCRIPTION ? text.substring(0, MOST_DESCRIPTION) : text);
        byte[] details = trailers.get(FramedMetadata.DETAILS);
        if (details != null && details.length <= MOST_DETAILS) {
            try {
                for (Any detail : com.google.rpc.Status.parseFrom(details).getDetailsList()) {
                    written.addDetails(detail);
                }
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("The details of a status are no status", e);
            }
        }
        return written;
    }

    @Override
    public void request(int messages) {
        connection.execute(() -> {
            asked += messages;
            deliver();
        });
    }

    @Override
    public void sendHeaders(Metadata headers) {
        connection.execute(() -> {
            if (!ended) {
                writeHeaders(headers);
            }
        });
    }

    @Override
    public void sendMessage(Message message) {
        connection.execute(() -> {
            if (!ended) {
                pen.write(message);
            }
        });
    }

    @Override
    public void close(Status status, Metadata trailers) {
        connection.execute(() -> {
            if (!ended) {
                writeTrailers(status, trailers);
                end();
            }
        });
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public MethodDescriptor<Inbound, Message> getMethodDescriptor() {
        return method.wire();
    }

    @Override
    public Attributes getAttributes() {
        return connection.attributes();
    }
}
