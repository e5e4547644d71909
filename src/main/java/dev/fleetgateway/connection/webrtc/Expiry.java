package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When a call ends though nobody ended it: at the nearer of its own and its context's deadline, and with its context. It is kept
 * here whatever the machine does, which may be dead without its channel telling.
 */
final class Expiry {

    private final Context context;
    private final @Nullable Deadline deadline;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Time.@Nullable Timer timer;

    @GuardedBy("lock")
    private Context.@Nullable CancellationListener listener;

    @GuardedBy("lock")
    private boolean stopped;

    Expiry(@Nullable Deadline own, Context context) {
        this.context = context;
        this.deadline = nearer(own, context.getDeadline());
    }

    private static @Nullable Deadline nearer(@Nullable Deadline one, @Nullable Deadline other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.minimum(other);
    }

    /** What is left, in nanoseconds; null where it may take for ever. */
    @Nullable
    Long left() {
        return deadline == null ? null : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    }

    /** How the call ends that has not begun yet, or null where it may begin. */
    @Nullable
    Status passed() {
        if (context.isCancelled()) {
            return ended(context);
        }
        return deadline != null && deadline.isExpired()
                ? Status.DEADLINE_EXCEEDED.withDescription("the deadline had passed before the call began")
                : null;
    }

    /**
     * Begins to watch.
     *
     * @param aside where an end by the deadline is told: the timer has others to serve
     */
    void start(Time time, Executor aside, Consumer<Status> end) {
        Context.CancellationListener withContext = over -> end.accept(ended(over));
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            listener = withContext;
            Long left = left();
            if (left != null) {
                timer = time.after(Duration.ofNanos(left), () -> aside.execute(() -> end.accept(late(left))));
            }
        } finally {
            lock.unlock();
        }
        context.addListener(withContext, Runnable::run);
        if (isStopped()) {
            context.removeListener(withContext);
        }
    }

    void stop() {
        Context.CancellationListener watching;
        lock.lock();
        try {
            stopped = true;
            watching = listener;
            if (timer != null) {
                timer.cancel();
            }
        } finally {
            lock.unlock();
        }
        if (watching != null) {
            context.removeListener(watching);
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private static Status late(long nanos) {
        return Status.DEADLINE_EXCEEDED.withDescription(
                "the machine did not answer within %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(nanos)));
    }

    private static Status ended(Context over) {
        Throwable cause = over.cancellationCause();
        return cause instanceof TimeoutException
                ? Status.DEADLINE_EXCEEDED
                        .withDescription("the context's deadline has passed")
                        .withCause(cause)
                : Status.CANCELLED.withDescription("the context was cancelled").withCause(cause);
    }
}
