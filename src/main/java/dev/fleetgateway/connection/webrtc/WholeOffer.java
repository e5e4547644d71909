package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An offer where candidates may not follow it: it holds all that are found in time. */
final class WholeOffer {

    /** A STUN server that does not answer holds gathering up for ever. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private static final int MOST_CANDIDATES = 128;

    private final CompletableFuture<@Nullable Void> gathered = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Peer.IceCandidate> found = new ArrayList<>();

    void found(Peer.IceCandidate candidate) {
        lock.lock();
        try {
            if (found.size() < MOST_CANDIDATES) {
                found.add(candidate);
            }
        } finally {
            lock.unlock();
        }
    }

    /** There are no more. */
    void gathered() {
        gathered.completeAsync(() -> null, Thread::startVirtualThread);
    }

    /** The whole of an offer that was begun. */
    CompletableFuture<String> of(CompletableFuture<String> begun, Time time) {
        var _ = time.after(LONGEST, this::gathered);
        return begun.thenCombine(gathered, (sdp, _) -> {
            lock.lock();
            try {
                return Descriptions.with(found, sdp);
            } finally {
                lock.unlock();
            }
        });
    }
}
