package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a connection. Calls take turns, a frame each, so that a large one does not hold up the small; presence, stops
 * and cancelling go before all, even while the channel is full. Whoever adds something writes, unless somebody is writing; nobody
 * waits.
 */
final class FrameWriter {

    /** Two of the largest messages. */
    static final long MOST_WAITING = 2L * FramedCall.MOST_MESSAGE;

    /**
     * Above it the channel is full. What is in the library's buffer cannot be overtaken: with 1 MiB in there a Stop took 15 ms
     * instead of 2 beside a large request, and that request was no faster. (It closes the channel at 16 MiB.)
     */
    static final long MOST_BUFFERED = 256 * 1024;

    /** How long until a full channel is looked at again: the library does not tell. */
    static final Duration PAUSE = Duration.ofMillis(5);

    private final Peer peer;
    private final Time time;
    private final Executor aside;
    private final Runnable broken;
    private final ReentrantLock lock = new ReentrantLock();

    // Each call is in at most one of these, and once.
    @GuardedBy("lock")
    private final ArrayDeque<byte[]> resets = new ArrayDeque<>();

    @GuardedBy("lock")
    private final ArrayDeque<Outbox> urgent = new ArrayDeque<>();

    @GuardedBy("lock")
    private final ArrayDeque<Outbox> others = new ArrayDeque<>();

    @GuardedBy("lock")
    private long waiting;

    // No less than what is buffered, so that it need not be asked after each frame.
    @GuardedBy("lock")
    private long buffered;

    @GuardedBy("lock")
    private boolean writing;

    @GuardedBy("lock")
    private boolean over;

    @GuardedBy("lock")
    private Time.@Nullable Timer pause;

    private static final class Turn {

        private final @Nullable Outbox from;
        private final byte[] frame;
        private final boolean first;
        private final boolean drained;

        Turn(@Nullable Outbox from, byte[] frame, boolean first, boolean drained) {
            this.from = from;
            this.frame = frame;
            this.first = first;
            this.drained = drained;
        }
    }

    /**
     * Writes nothing yet.
     *
     * @param aside where it goes on after a pause, since timers must not wait for the library
     * @param broken told when the peer takes no more
     */
    FrameWriter(Peer peer, Time time, Executor aside, Runnable broken) {
        this.peer = peer;
        this.time = time;
        this.aside = aside;
        this.broken = broken;
    }

    /** Adds to what a call sends, whole. Returns false where too much waits already, and then nothing was added. */
    boolean add(Outbox box, List<Outbox.Part> parts) {
        lock.lock();
        try {
            if (over || box.dropped()) {
                return true;
            }
            long more = parts.stream().mapToLong(Outbox.Part::weight).sum();
            if (waiting + more > MOST_WAITING) {
                return false;
            }
            waiting += more;
            parts.forEach(box::add);
            queue(box);
        } finally {
            lock.unlock();
        }
        write();
        return true;
    }

    /** Forgets what a call has not sent. What was begun is cancelled at the machine, where that is wanted. */
    void drop(Outbox box, boolean reset) {
        lock.lock();
        try {
            if (over || box.dropped()) {
                return;
            }
            waiting -= box.weight();
            box.drop();
            if (box.inTurn()) {
                urgent.removeIf(other -> other == box);
                others.removeIf(other -> other == box);
                box.inTurn(false);
            }
            if (!reset || !box.begun()) {
                return;
            }
            resets.add(box.reset());
        } finally {
            lock.unlock();
        }
        write();
    }

    /** What a call has still to send. */
    long weight(Outbox box) {
        lock.lock();
        try {
            return box.weight();
        } finally {
            lock.unlock();
        }
    }

    /** Writes no more. */
    void close() {
        lock.lock();
        try {
            over = true;
            waiting = 0;
            resets.clear();
            urgent.clear();
            others.clear();
            if (pause != null) {
                pause.cancel();
                pause = null;
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void queue(Outbox box) {
        if (!box.inTurn() && !box.isEmpty()) {
            box.inTurn(true);
            (box.urgent() ? urgent : others).add(box);
        }
    }

    private void write() {
        Turn turn = begin();
        while (turn != null) {
            perform(turn);
            turn = next();
        }
    }

    private @Nullable Turn begin() {
        lock.lock();
        try {
            if (writing) {
                return null;
            }
            writing = true;
            return take();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Turn next() {
        lock.lock();
        try {
            return take();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private @Nullable Turn take() {
        byte[] reset = resets.poll();
        if (reset != null) {
            return new Turn(null, reset, false, false);
        }
        Outbox box = urgent.poll();
        if (box == null && pause == null) {
            box = others.poll();
        }
        if (box == null) {
            writing = false;
            return null;
        }
        box.inTurn(false);
        boolean first = !box.begun();
        long before = box.weight();
        byte[] frame = box.take();
        waiting -= before - box.weight();
        queue(box);
        return new Turn(box, frame, first, box.isEmpty());
    }

    private void perform(Turn turn) {
        Outbox from = turn.from;
        if (from != null && turn.first && !from.sender().handing()) {
            return;
        }
        boolean taken = peer.send(turn.frame);
        if (from != null && turn.first) {
            from.sender().handed(taken);
        }
        if (!taken) {
            broken.run();
        } else if (from != null && turn.drained) {
            from.sender().drained();
        }
        weigh(turn.frame.length);
    }

    private void weigh(int sent) {
        lock.lock();
        try {
            buffered += sent;
            if (buffered <= MOST_BUFFERED || pause != null) {
                return;
            }
        } finally {
            lock.unlock();
        }
        look();
    }

    private void look() {
        long now = peer.buffered();
        lock.lock();
        try {
            buffered = now;
            pause = now > MOST_BUFFERED && !over ? time.after(PAUSE, () -> aside.execute(this::goOn)) : null;
        } finally {
            lock.unlock();
        }
    }

    private void goOn() {
        look();
        write();
    }
}
