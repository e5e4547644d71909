package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One call in progress, as others see it: they can list it, cancel it and wait for its end. */
final class Operation {

    private final String id;
    private final String method;
    private final Instant started;
    private final @Nullable String session;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Runnable whenCancelled;

    // Each waiter is a BlockForOperation, of which RobotService allows a hundred at once.
    @GuardedBy("lock")
    private final List<Runnable> waiters = new ArrayList<>(0);

    @GuardedBy("lock")
    private boolean cancelled;

    @GuardedBy("lock")
    private boolean ended;

    Operation(String id, String method, Instant started, @Nullable String session) {
        this.id = id;
        this.method = method;
        this.started = started;
        this.session = session;
    }

    String id() {
        return id;
    }

    /** The full path of the call, such as {@code /viam.component.motor.v1.MotorService/GoFor}. */
    String method() {
        return method;
    }

    Instant started() {
        return started;
    }

    /** The session under which a monitored call came. */
    @Nullable
    String session() {
        return session;
    }

    /** Says what a cancellation means from now on; replaces what was said before. Runs at once if it was cancelled. */
    void whenCancelled(Runnable action) {
        boolean now;
        lock.lock();
        try {
            whenCancelled = action;
            now = cancelled;
        } finally {
            lock.unlock();
        }
        if (now) {
            action.run();
        }
    }

    /** Tells the call to end. It may go on, since what it means is the call's own affair. */
    void cancel() {
        Runnable action;
        lock.lock();
        try {
            action = cancelled ? null : whenCancelled;
            cancelled = true;
        } finally {
            lock.unlock();
        }
        if (action != null) {
            action.run();
        }
    }

    /** Runs the task when the call has ended, at once if it has. */
    void whenEnded(Runnable task) {
        lock.lock();
        try {
            if (!ended) {
                waiters.add(task);
                return;
            }
        } finally {
            lock.unlock();
        }
        task.run();
    }

    /** Forgets a task that waits. */
    void forget(Runnable task) {
        lock.lock();
        try {
            waiters.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** Says that the call is over and lets those go who waited. */
    void end() {
        List<Runnable> released;
        lock.lock();
        try {
            ended = true;
            released = waiters.isEmpty() ? List.of() : List.copyOf(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        released.forEach(Runnable::run);
    }
}
