package dev.fleetgateway.peer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a peer has promised and not kept yet: it all fails when the peer closes, since the library then says nothing any more. */
final class Promises {

    private static final int MOST = 64;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final IdentityHashMap<CompletableFuture<?>, Boolean> open = new IdentityHashMap<>();

    @GuardedBy("lock")
    private boolean closed;

    /** A new one; failed already where it cannot be kept. */
    <T> CompletableFuture<T> make() {
        CompletableFuture<T> promise = new CompletableFuture<>();
        String refusal = admit(promise);
        if (refusal == null) {
            var _ = promise.whenComplete((_, _) -> forget(promise));
        } else {
            promise.completeExceptionally(new IllegalStateException(refusal));
        }
        return promise;
    }

    private @Nullable String admit(CompletableFuture<?> promise) {
        lock.lock();
        try {
            if (closed) {
                return "the connection was closed";
            }
            if (open.size() >= MOST) {
                return "%d questions to this connection are open, and more are not taken".formatted(MOST);
            }
            open.put(promise, true);
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void forget(CompletableFuture<?> promise) {
        lock.lock();
        try {
            open.remove(promise);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        List<CompletableFuture<?>> broken;
        lock.lock();
        try {
            closed = true;
            broken = List.copyOf(open.keySet());
            open.clear();
        } finally {
            lock.unlock();
        }
        broken.forEach(
                promise -> promise.completeExceptionally(new IllegalStateException("the connection was closed")));
    }
}
