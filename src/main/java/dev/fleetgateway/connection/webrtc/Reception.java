package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one call's listener is told: in order, one thing at a time, on the call's executor and in its context, and a message only
 * when it was asked for. What is not yet asked for waits here, up to a bound, so that whoever brings it never does.
 */
final class Reception<A> {

    private static final Logger log = LoggerFactory.getLogger(Reception.class);

    /** Messages that may wait. There is no flow control on a data channel, and small ones may come in a burst. */
    static final int MOST_WAITING = 1024;

    private static final int LARGE = 256 * 1024;

    private final MethodDescriptor<?, A> method;
    private final Executor executor;
    private final @Nullable Executor aside;
    private final Context context;
    private final Allowance allowance;
    private final Consumer<Status> failed;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<ByteString> messages = new ArrayDeque<>();

    @GuardedBy("lock")
    private ClientCall.@Nullable Listener<A> listener;

    @GuardedBy("lock")
    private @Nullable Metadata headers;

    @GuardedBy("lock")
    private News.@Nullable Close<A> close;

    @GuardedBy("lock")
    private long wanted;

    @GuardedBy("lock")
    private boolean ready;

    @GuardedBy("lock")
    private boolean held;

    @GuardedBy("lock")
    private boolean telling;

    @GuardedBy("lock")
    private boolean done;

    private sealed interface News<A> {
        record Listening<A>(ClientCall.Listener<A> listener) implements News<A> {}

        record Wanted<A>(int more) implements News<A> {}

        record Ready<A>() implements News<A> {}

        record Headers<A>(Metadata came) implements News<A> {}

        record Held<A>(boolean now) implements News<A> {}

        record Close<A>(Status status, Metadata trailers, boolean atOnce, Runnable before) implements News<A> {}
    }

    /**
     * Tells nothing yet.
     *
     * @param own null where whoever brings something tells it too
     * @param aside where he leaves what takes long to read, since others wait for him
     * @param allowance what may wait on the whole connection
     * @param failed told when a message could not be read or the listener threw
     */
    Reception(
            MethodDescriptor<?, A> method,
            @Nullable Executor own,
            Executor aside,
            Context context,
            Allowance allowance,
            Consumer<Status> failed) {
        this.method = method;
        this.executor = own == null ? Runnable::run : own;
        this.aside = own == null ? aside : null;
        this.context = context;
        this.allowance = allowance;
        this.failed = failed;
    }

    void listen(ClientCall.Listener<A> told) {
        come(new News.Listening<>(told));
    }

    void request(int more) {
        come(new News.Wanted<>(more));
    }

    void ready() {
        come(new News.Ready<>());
    }

    void headers(Metadata came) {
        come(new News.Headers<>(came));
    }

    /** A message, for which the allowance was taken. Returns false where too many wait, and then it is not kept. */
    boolean message(ByteString message) {
        lock.lock();
        try {
            boolean over = done || close != null;
            if (over || messages.size() >= MOST_WAITING) {
                allowance.giveBack(message.size());
                return over;
            }
            messages.add(message);
        } finally {
            lock.unlock();
        }
        tell();
        return true;
    }

    /**
     * The call has ended. Once.
     *
     * @param atOnce whether what waits is dropped, because the machine did not end it
     * @param before runs just before the listener is told
     */
    void close(Status status, Metadata trailers, boolean atOnce, Runnable before) {
        come(new News.Close<>(status, trailers, atOnce, before));
    }

    /** Tells nothing until it is known whether the call's first frame was handed over. */
    void hold(boolean now) {
        come(new News.Held<>(now));
    }

    private void come(News<A> news) {
        lock.lock();
        try {
            switch (news) {
                case News.Listening<A>(var told) -> listener = told;
                case News.Wanted<A>(int more) -> wanted = Math.min(Long.MAX_VALUE - more, wanted) + more;
                case News.Ready<A>() -> ready = true;
                case News.Headers<A>(Metadata came) -> headers = came;
                case News.Held<A>(boolean now) -> held = now;
                case News.Close<A> end -> close = end;
            }
        } finally {
            lock.unlock();
        }
        tell();
    }

    private void tell() {
        Executor on;
        lock.lock();
        try {
            if (telling || !hasNext()) {
                return;
            }
            telling = true;
            on = aside != null && !messages.isEmpty() && messages.getFirst().size() > LARGE ? aside : executor;
        } finally {
            lock.unlock();
        }
        try {
            on.execute(this::tellAll);
        } catch (RejectedExecutionException e) {
            // Its owner is gone: nobody is left to be told.
            log.debug("{}: the executor of the call takes nothing more", method.getFullMethodName(), e);
            lock.lock();
            try {
                telling = false;
                forget();
            } finally {
                lock.unlock();
            }
        }
    }

    private void tellAll() {
        for (Runnable next = next(); next != null; next = next()) {
            Context before = context.attach();
            try {
                next.run();
            } catch (RuntimeException | Error e) {
                // As gRPC does it: what a listener throws ends its call.
                log.debug("{}: a listener failed", method.getFullMethodName(), e);
                failed.accept(
                        Status.CANCELLED.withDescription("The listener failed").withCause(e));
            } finally {
                context.detach(before);
            }
        }
    }

    @GuardedBy("lock")
    private boolean hasNext() {
        return listener != null
                && !held
                && !done
                && (ready || headers != null || close != null || (wanted > 0 && !messages.isEmpty()));
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable next = listener == null || held || done ? null : take(listener);
            telling = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private @Nullable Runnable take(ClientCall.Listener<A> told) {
        News.Close<A> last = close;
        if (last != null && last.atOnce) {
            return end(told, last);
        }
        Metadata first = headers;
        if (first != null) {
            headers = null;
            return () -> told.onHeaders(first);
        }
        if (wanted > 0 && !messages.isEmpty()) {
            wanted--;
            ByteString message = messages.removeFirst();
            return () -> read(told, message);
        }
        if (last != null && messages.isEmpty()) {
            return end(told, last);
        }
        if (ready) {
            ready = false;
            return told::onReady;
        }
        return null;
    }

    @GuardedBy("lock")
    private Runnable end(ClientCall.Listener<A> told, News.Close<A> last) {
        forget();
        return () -> {
            last.before.run();
            told.onClose(last.status, last.trailers);
        };
    }

    @GuardedBy("lock")
    private void forget() {
        done = true;
        messages.forEach(message -> allowance.giveBack(message.size()));
        messages.clear();
    }

    private void read(ClientCall.Listener<A> told, ByteString message) {
        allowance.giveBack(message.size());
        A answer;
        try {
            answer = method.parseResponse(new Arrived(message));
        } catch (RuntimeException e) {
            failed.accept(
                    Status.CANCELLED.withDescription("Failed to read message.").withCause(e));
            return;
        }
        told.onMessage(answer);
    }
}
