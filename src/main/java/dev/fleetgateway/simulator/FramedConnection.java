package dev.fleetgateway.simulator;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.time.Time;
import io.grpc.Attributes;
import io.grpc.Grpc;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import proto.rpc.webrtc.v1.Request;
import proto.rpc.webrtc.v1.RequestHeaders;

/**
 * The machine's end of one open data channel: it reads the frames of all calls, takes each call through the machine's gates,
 * and writes what the machine answers.
 *
 * <p>Its fields belong to its executor, which runs one task after another; frames may come from any thread.
 */
final class FramedConnection {

    private static final Logger log = LoggerFactory.getLogger(FramedConnection.class);

    private static final int MOST_CALLS = 4_096;
    private static final long MOST_KEPT = 128L << 20;

    /** Whoever is not heard of for so long is gone, for a machine: what he called is cancelled. */
    static final Duration UNHEARD = Duration.ofSeconds(5);

    private final Time time;
    private final Executor executor;
    private final Peer peer;
    private final Intake intake;
    private final String owner;
    private final Runnable broken;
    private final FrameWriter writer;
    private final Lane<byte[]> inwards;
    private final Lane<byte[]> outwards;
    private final Map<Long, FramedCall> calls = new HashMap<>();
    private final AtomicLong arriving = new AtomicLong();

    private long kept;
    private boolean over;
    private boolean lost;
    private Time.@Nullable Timer unheard;
    private volatile Attributes attributes = Attributes.EMPTY;

    /**
     * @param owner whose the sessions are that are started here
     * @param broken told when it cannot go on; once, on the executor
     */
    FramedConnection(Time time, Executor executor, Peer peer, Intake intake, String owner, Runnable broken) {
        this.time = time;
        this.executor = executor;
        this.peer = peer;
        this.intake = intake;
        this.owner = owner;
        this.broken = broken;
        this.inwards = new Lane<>(time, executor, frame -> frame.length, this::read);
        this.outwards = new Lane<>(time, executor, frame -> frame.length, this::send);
        this.writer =
                new FrameWriter(time, executor, outwards::put, () -> peer.buffered() + outwards.held(), this::breakOff);
    }

    /** Learns where the caller is. */
    void with(Peer.Pair pair) {
        attributes = Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new DataChannelAddress(pair))
                .build();
    }

    /** Takes a frame as it comes. */
    void frame(byte[] frame) {
        boolean fits = frame.length <= Peer.MOST_FRAME && arriving.addAndGet(frame.length) <= MOST_KEPT;
        executor.execute(fits ? () -> arrived(frame) : this::breakOff);
    }

    /** Fares so from now on. */
    void becomes(Passage passage) {
        executor.execute(() -> {
            if (over) {
                return;
            }
            if (passage.inwards() && passage.outwards() && (lost || inwards.torn() || outwards.torn())) {
                breakOff();
                return;
            }
            inwards.becomes(passage.inwards(), passage.delay());
            outwards.becomes(passage.outwards(), passage.delay());
            if (passage.inwards() && unheard != null) {
                unheard.cancel();
                unheard = null;
            } else if (!passage.inwards() && unheard == null) {
                unheard = time.after(UNHEARD, () -> executor.execute(this::lose));
            }
        });
    }

    /** Is over: every call is cancelled, and nobody is told. */
    void end() {
        executor.execute(() -> {
            over = true;
            abandon();
            if (unheard != null) {
                unheard.cancel();
            }
        });
    }

    void execute(Runnable task) {
        executor.execute(task);
    }

    /** Where the caller is, as far as it is known. */
    Attributes attributes() {
        return attributes;
    }

    /** Counts bytes that are here and that no call has read. */
    void keeps(long bytes) {
        kept += bytes;
        if (kept > MOST_KEPT) {
            breakOff();
        }
    }

    void forget(long id, FramedCall call) {
        calls.remove(id, call);
    }

    private void arrived(byte[] frame) {
        arriving.addAndGet(-frame.length);
        if (!over && !lost) {
            inwards.put(frame);
        }
    }

    private void read(byte[] frame) {
        Request request;
        try {
            request = Request.parseFrom(frame);
        } catch (InvalidProtocolBufferException e) {
            log.debug("A frame that is no request is dropped", e);
            return;
        }
        // Without a stream it belongs to no call, and as the first frame of one only headers make sense.
        if (over || !request.hasStream()) {
            return;
        }
        long id = request.getStream().getId();
        FramedCall call = calls.get(id);
        if (call == null) {
            if (request.hasHeaders() && calls.size() < MOST_CALLS) {
                begin(id, request.getHeaders());
            }
            return;
        }
        switch (request.getTypeCase()) {
            case MESSAGE -> call.take(request.getMessage());
            case RST_STREAM -> call.reset();
            case HEADERS -> call.refuse("headers already received");
            case TYPE_NOT_SET -> call.refuse("unknown request type <nil>");
        }
    }

    private void begin(long id, RequestHeaders headers) {
        String path = headers.getMethod();
        Method method = Services.method(path.startsWith("/") ? path.substring(1) : path);
        FramedCall call = new FramedCall(this, id, method, writer.pen(id));
        calls.put(id, call);
        call.begin(headers, intake, owner, time);
    }

    private void send(byte[] frame) {
        if (!over && !peer.send(frame)) {
            breakOff();
        }
    }

    private void breakOff() {
        if (!over) {
            over = true;
            abandon();
            broken.run();
        }
    }

    // Both sides have given up by then, and what is left of the channel ends when they can hear each other say so.
    private void lose() {
        if (!over) {
            lost = true;
            abandon();
        }
    }

    private void abandon() {
        writer.clear();
        inwards.clear(_ -> {});
        outwards.clear(_ -> {});
        List.copyOf(calls.values()).forEach(FramedCall::vanish);
    }
}
