package dev.fleetgateway.door;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.status.Cursor;
import dev.fleetgateway.status.Feed;
import dev.fleetgateway.status.FeedReader;
import dev.fleetgateway.status.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one reader: a bounded queue of control messages, and a cursor into the feed, from which a frame
 * is made only when it can be written. Any thread may put something in; one takes out.
 */
final class Outbox implements AutoCloseable {

    private final Feed feed;
    private final int messageLimit;
    private final long byteLimit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<byte[]> control = new ArrayDeque<>();

    @GuardedBy("lock")
    private long controlBytes;

    @GuardedBy("lock")
    private @Nullable FeedReader reader;

    @GuardedBy("lock")
    private boolean woken;

    @GuardedBy("lock")
    private boolean nudged;

    @GuardedBy("lock")
    private boolean closed;

    /**
     * Nothing to write yet.
     *
     * @param messageLimit control messages that may wait
     * @param byteLimit how large they may be together; a single one may always wait
     */
    Outbox(Feed feed, int messageLimit, long byteLimit) {
        this.feed = feed;
        this.messageLimit = messageLimit;
        this.byteLimit = byteLimit;
    }

    /** Puts in a control message; false where the queue is full, and nothing was put in. */
    boolean offer(byte[] message) {
        lock.lock();
        try {
            return put(message);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Follows the feed from now on instead of what was followed before. A frame of it never overtakes the first message.
     *
     * @param first what is to be said before; null for nothing
     * @return false where the queue is full, and nothing was changed
     */
    boolean follow(Selector chosen, @Nullable Cursor since, byte @Nullable [] first) {
        lock.lock();
        try {
            if (first != null && !put(first)) {
                return false;
            }
            if (!closed) {
                leave();
                reader = feed.open(chosen, since, this::wake);
                wake();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Follows nothing any more. */
    void unfollow() {
        lock.lock();
        try {
            leave();
        } finally {
            lock.unlock();
        }
    }

    /** What is to be written next, control messages first; null where nothing came in the given time, or {@link #nudge} did. */
    @Nullable
    Item take(Duration wait) throws InterruptedException {
        long left = wait.toNanos();
        while (true) {
            FeedReader following;
            lock.lock();
            try {
                byte[] message = control.poll();
                if (message != null) {
                    controlBytes -= message.length;
                    return new Control(message);
                }
                woken = false;
                following = reader;
            } finally {
                lock.unlock();
            }
            Frame frame = following == null ? null : following.poll();
            if (frame != null) {
                return new News(frame);
            }
            lock.lock();
            try {
                while (!woken && !nudged && !closed) {
                    if (left <= 0) {
                        return null;
                    }
                    left = news.awaitNanos(left);
                }
                if (nudged || closed) {
                    nudged = false;
                    return null;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Makes {@link #take} return now, with nothing. */
    void nudge() {
        lock.lock();
        try {
            nudged = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            woken = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes wait, for tests and for the curious. */
    long waitingBytes() {
        lock.lock();
        try {
            return controlBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what waits and takes nothing more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            control.clear();
            controlBytes = 0;
            leave();
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean put(byte[] message) {
        if (closed) {
            return true;
        }
        if (!control.isEmpty() && (control.size() >= messageLimit || controlBytes + message.length > byteLimit)) {
            return false;
        }
        control.add(message);
        controlBytes += message.length;
        wake();
        return true;
    }

    @GuardedBy("lock")
    private void leave() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** One thing to be written. */
    sealed interface Item {}

    /** A control message. */
    static final class Control implements Item {

        private final byte[] json;

        Control(byte[] json) {
            this.json = json;
        }

        /** As it is to be written. */
        byte[] json() {
            return json;
        }
    }

    /** A frame of the feed. */
    record News(Frame frame) implements Item {}
}
