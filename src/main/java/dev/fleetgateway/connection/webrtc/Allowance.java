package dev.fleetgateway.connection.webrtc;

import java.util.concurrent.atomic.AtomicLong;

/** So many bytes may wait on one connection, for all its calls together. */
final class Allowance {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    Allowance(long most) {
        this.most = most;
    }

    /** Returns false where there is not so much left, and then nothing is taken. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) > most) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** What is taken now. */
    long taken() {
        return taken.get();
    }
}
