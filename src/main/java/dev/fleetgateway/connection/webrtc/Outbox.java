package dev.fleetgateway.connection.webrtc;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/** What one call has yet to send, a frame at a time. Only its writer touches it, under the writer's lock. */
final class Outbox {

    // So that messages without a byte count too.
    private static final int WEIGHT = 64;

    private final Sender sender;
    private final boolean urgent;
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    private long id;
    private long weight;
    private boolean begun;
    private boolean inTurn;
    private boolean dropped;

    /** The call, as its writer sees it. */
    interface Sender {

        /** Its first frame is about to be handed over. Returns false where the call has ended, and then it is not. */
        boolean handing();

        /** Its first frame was handed over, or not. */
        void handed(boolean taken);

        /** Nothing of it waits any more. */
        void drained();
    }

    /** A piece of what is to be sent. */
    sealed interface Part {

        /** What it weighs while it waits. */
        default long weight() {
            return WEIGHT;
        }
    }

    /** Begins the call; made when its turn has come, since it says how much time is left. */
    record Headers(Supplier<byte[]> frame) implements Part {}

    /** No more messages. */
    record End() implements Part {}

    /** One message, chunk by chunk. */
    static final class Body implements Part {

        private final byte[] message;
        private final boolean ends;
        private int sent;

        /**
         * Keeps the array.
         *
         * @param ends whether it is the only message there is
         */
        Body(byte[] message, boolean ends) {
            this.message = message;
            this.ends = ends;
        }

        @Override
        public long weight() {
            return (long) WEIGHT + message.length - sent;
        }

        private byte[] next(long id) {
            int length = Math.min(Frames.MOST_DATA, message.length - sent);
            boolean last = sent + length == message.length;
            byte[] frame = Frames.part(id, message, sent, length, last, last && ends);
            sent += length;
            return frame;
        }

        private boolean done() {
            return sent == message.length;
        }
    }

    /**
     * Nothing yet.
     *
     * @param urgent whether it goes before those that are not
     */
    Outbox(Sender sender, boolean urgent) {
        this.sender = sender;
        this.urgent = urgent;
    }

    Sender sender() {
        return sender;
    }

    /** Under which it is known to the machine. Before anything is added. */
    void identify(long given) {
        id = given;
    }

    void add(Part part) {
        parts.add(part);
        weight += part.weight();
    }

    /** A long one is not, so that it cannot keep others from their turn. */
    boolean urgent() {
        return urgent && weight <= Frames.MOST_DATA;
    }

    long weight() {
        return weight;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The next frame. There must be one. */
    byte[] take() {
        Part part = parts.getFirst();
        long before = part.weight();
        byte[] frame = switch (part) {
            case Headers headers -> headers.frame().get();
            case End _ -> Frames.end(id);
            case Body body -> body.next(id);
        };
        begun = true;
        if (part instanceof Body body && !body.done()) {
            weight -= before - body.weight();
        } else {
            parts.removeFirst();
            weight -= before;
        }
        return frame;
    }

    /** Forgets what waits and takes no more. */
    void drop() {
        parts.clear();
        weight = 0;
        dropped = true;
    }

    boolean dropped() {
        return dropped;
    }

    boolean begun() {
        return begun;
    }

    boolean inTurn() {
        return inTurn;
    }

    void inTurn(boolean now) {
        inTurn = now;
    }

    byte[] reset() {
        return Frames.reset(id);
    }
}
