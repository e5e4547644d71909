package dev.fleetgateway.peer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.peer.Peer.IceCandidate;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The order in which candidates may go. One of ours is told after the description it belongs to, and only if that one lacks it; one
 * of theirs is added after their description was taken.
 */
final class Trickle {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    // A host has a few interfaces, and each a few candidates.
    private static final int MOST = 128;

    private final Time time;
    private final Consumer<IceCandidate> tell;
    private final Consumer<IceCandidate> add;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<IceCandidate> ours = new ArrayList<>();

    @GuardedBy("lock")
    private final List<IceCandidate> theirs = new ArrayList<>();

    @GuardedBy("lock")
    private boolean enough;

    @GuardedBy("lock")
    private boolean given;

    @GuardedBy("lock")
    private boolean taken;

    @GuardedBy("lock")
    private @Nullable Runnable awaiting;

    @GuardedBy("lock")
    private @Nullable Runnable last;

    @GuardedBy("lock")
    private Time.@Nullable Timer timer;

    Trickle(Time time, Consumer<IceCandidate> tell, Consumer<IceCandidate> add) {
        this.time = time;
        this.tell = tell;
        this.add = add;
    }

    /** Runs it when there is a host candidate, or nothing more to wait for. Once. */
    void awaitFirst(Runnable then) {
        lock.lock();
        try {
            awaiting = then;
            if (!enough) {
                timer = time.after(LONGEST_WAIT, () -> Thread.startVirtualThread(this::goOn));
                return;
            }
        } finally {
            lock.unlock();
        }
        goOn();
    }

    private void goOn() {
        Runnable then;
        lock.lock();
        try {
            enough = true;
            then = awaiting;
            awaiting = null;
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        } finally {
            lock.unlock();
        }
        if (then != null) {
            then.run();
        }
    }

    /** One of ours was found. */
    void gathered(IceCandidate candidate) {
        lock.lock();
        try {
            if (!given) {
                if (ours.size() < MOST) {
                    ours.add(candidate);
                }
                if (!candidate.candidate().contains(" typ host")) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
        if (isGiven()) {
            tell.accept(candidate);
        } else {
            goOn();
        }
    }

    private boolean isGiven() {
        lock.lock();
        try {
            return given;
        } finally {
            lock.unlock();
        }
    }

    /** All of ours were found. */
    void gatheredAll(Runnable tellThat) {
        lock.lock();
        try {
            last = tellThat;
        } finally {
            lock.unlock();
        }
        goOn();
        tellLast();
    }

    private void tellLast() {
        Runnable telling;
        lock.lock();
        try {
            if (!given) {
                return;
            }
            telling = last;
            last = null;
        } finally {
            lock.unlock();
        }
        if (telling != null) {
            telling.run();
        }
    }

    /** Our description is with whoever asked for it. */
    void localGiven(String sdp) {
        List<IceCandidate> lacking;
        lock.lock();
        try {
            given = true;
            lacking = ours.stream()
                    .filter(candidate -> !sdp.contains(addressed(candidate.candidate())))
                    .toList();
            ours.clear();
        } finally {
            lock.unlock();
        }
        lacking.forEach(tell);
        tellLast();
    }

    /** Without what the library writes after it only where the candidate stands alone. */
    private static String addressed(String candidate) {
        int end = candidate.indexOf(" generation ");
        return end < 0 ? candidate : candidate.substring(0, end);
    }

    /** Their description was taken. */
    void remoteTaken() {
        List<IceCandidate> waiting;
        lock.lock();
        try {
            taken = true;
            waiting = List.copyOf(theirs);
            theirs.clear();
        } finally {
            lock.unlock();
        }
        waiting.forEach(add);
    }

    /** One of theirs came. */
    void add(IceCandidate candidate) {
        lock.lock();
        try {
            if (!taken) {
                if (theirs.size() < MOST) {
                    theirs.add(candidate);
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        add.accept(candidate);
    }

    void close() {
        lock.lock();
        try {
            awaiting = null;
            last = null;
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
