package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way through the gates, which may take long. Its caller may go away meanwhile; a real machine finds that out
 * only once the call is in, so that what it does at once is done all the same.
 */
final class Arrival {

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Call call;

    @GuardedBy("lock")
    private boolean callerGone;

    /** The call is in and has begun. */
    void letIn(Call admitted) {
        boolean gone;
        lock.lock();
        try {
            call = admitted;
            gone = callerGone;
        } finally {
            lock.unlock();
        }
        if (gone) {
            admitted.abandoned();
        }
    }

    /** The caller has gone away. */
    void callerLeft() {
        Call left;
        lock.lock();
        try {
            callerGone = true;
            left = call;
        } finally {
            lock.unlock();
        }
        if (left != null) {
            left.abandoned();
        }
    }
}
