package dev.fleetgateway.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.PacketMessage;
import proto.rpc.webrtc.v1.Response;
import proto.rpc.webrtc.v1.ResponseMessage;
import proto.rpc.webrtc.v1.Stream;

/**
 * Writes the frames of all calls of one data channel, one call's after another's, so that a long answer does not hold up the
 * short ones; and pauses while the channel has too much that has not left.
 *
 * <p>Used on its executor only, which runs one task after another.
 */
final class FrameWriter {

    /** The part of a message in one frame: what is left when the largest stream id and all else is written too. */
    static final int MOST_DATA = 65_513;

    private static final long MOST_BUFFERED = 1 << 20;
    private static final long MOST_QUEUED = 128L << 20;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final Time time;
    private final Executor executor;
    private final Consumer<byte[]> out;
    private final LongSupplier buffered;
    private final Runnable overflow;

    // Each has something to write; the first writes next.
    private final ArrayDeque<Pen> turns = new ArrayDeque<>();
    private long queued;
    private boolean looking;

    /**
     * @param out takes one frame
     * @param buffered how many bytes that were taken have not left yet
     * @param overflow told when more is to be written than anybody reads
     */
    FrameWriter(Time time, Executor executor, Consumer<byte[]> out, LongSupplier buffered, Runnable overflow) {
        this.time = time;
        this.executor = executor;
        this.out = out;
        this.buffered = buffered;
        this.overflow = overflow;
    }

    /** What one call has to write. */
    final class Pen {

        private final Stream stream;
        private final ArrayDeque<Piece> pieces = new ArrayDeque<>();

        private Pen(long id) {
            this.stream = Stream.newBuilder().setId(id).build();
        }

        /** Writes headers or trailers. */
        void write(Response.Builder response) {
            add(new Piece(response.setStream(stream).build().toByteString(), true));
        }

        /** Writes a message, in as many frames as it takes. */
        void write(MessageLite message) {
            add(new Piece(message.toByteString(), false));
        }

        /** Leaves unwritten what has not been. */
        void drop() {
            pieces.forEach(piece -> queued -= piece.left());
            pieces.clear();
            turns.remove(this);
        }

        private void add(Piece piece) {
            queued += piece.left();
            if (queued > MOST_QUEUED) {
                overflow.run();
                return;
            }
            pieces.add(piece);
            if (pieces.size() == 1) {
                turns.add(this);
            }
            pump();
        }

        private byte @Nullable [] next() {
            Piece piece = pieces.peek();
            if (piece == null) {
                return null;
            }
            int before = piece.left();
            byte[] frame = piece.next(stream);
            queued -= before - piece.left();
            if (piece.done) {
                pieces.remove();
            }
            return frame;
        }
    }

    /** A whole frame, or a message that may be several. */
    private static final class Piece {

        private final ByteString bytes;
        private final boolean whole;
        private int written;
        private boolean done;

        private Piece(ByteString bytes, boolean whole) {
            this.bytes = bytes;
            this.whole = whole;
        }

        private int left() {
            return bytes.size() - written;
        }

        private byte[] next(Stream stream) {
            int end = whole ? bytes.size() : Math.min(bytes.size(), written + MOST_DATA);
            ByteString part = bytes.substring(written, end);
            written = end;
            done = end == bytes.size();
            if (whole) {
                return part.toByteArray();
            }
            return Response.newBuilder()
                    .setStream(stream)
                    .setMessage(ResponseMessage.newBuilder()
                            .setPacketMessage(
                                    PacketMessage.newBuilder().setData(part).setEom(done)))
                    .build()
                    .toByteArray();
        }
    }

    /** A pen for one call. */
    Pen pen(long id) {
        return new Pen(id);
    }

    /** Leaves everything unwritten. */
    void clear() {
        turns.forEach(pen -> pen.pieces.clear());
        turns.clear();
        queued = 0;
    }

    private void pump() {
        while (!turns.isEmpty()) {
            if (buffered.getAsLong() > MOST_BUFFERED) {
                lookAgain();
                return;
            }
            Pen pen = turns.remove();
            byte[] frame = pen.next();
            if (!pen.pieces.isEmpty()) {
                turns.add(pen);
            }
            if (frame != null && frame.length <= Peer.MOST_FRAME) {
                out.accept(frame);
            }
        }
    }

    // The library does not tell when its buffer is empty.
    private void lookAgain() {
        if (!looking) {
            looking = true;
            time.after(
                    LOOK_AGAIN,
                    () -> executor.execute(() -> {
                        looking = false;
                        pump();
                    }));
        }
    }
}
