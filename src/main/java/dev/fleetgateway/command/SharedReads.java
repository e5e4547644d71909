package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Equal READs in flight share one call. Only such as could not tell the difference: same machine, connection, method, request,
 * metadata and time limit, begun less than a short while ago, and with no command to that machine begun or ended in between, so
 * that who has just stopped a motor never reads what was before.
 *
 * <p>Bounded by the calls in flight: an entry leaves with its call.
 */
final class SharedReads {

    /** How much of its time limit a joined call may lack. */
    private static final Duration OLDEST = Duration.ofMillis(200);

    private final ConcurrentHashMap<Key, Shared> inFlight = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    SharedReads(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What makes two READs equal. */
    record Key(
            String machine,
            Object connection,
            String method,
            ByteString request,
            Map<String, String> metadata,
            Duration timeout,
            long commands) {}

    /** Joins the equal call in flight, or begins one. */
    PendingCall join(Key key, Supplier<Exchange> begin) {
        while (true) {
            Shared shared = inFlight.get(key);
            if (shared != null && nanos.getAsLong() - shared.begun < OLDEST.toNanos()) {
                PendingCall joined = shared.join();
                if (joined != null) {
                    return joined;
                }
            }
            Shared mine = new Shared(begin.get(), nanos.getAsLong());
            inFlight.put(key, mine);
            var _ = mine.exchange.answer().whenComplete((_, _) -> inFlight.remove(key, mine));
            PendingCall first = mine.join();
            if (first != null) {
                return first;
            }
        }
    }

    private static final class Shared {

        private final Exchange exchange;
        private final long begun;
        private int waiting;
        private boolean over;

        Shared(Exchange exchange, long begun) {
            this.exchange = exchange;
            this.begun = begun;
        }

        /** Null where everybody who waited has cancelled. */
        synchronized @Nullable PendingCall join() {
            if (over) {
                return null;
            }
            waiting++;
            AtomicBoolean here = new AtomicBoolean(true);
            CompletableFuture<PendingCall.Answer> answer = exchange.answer().copy();
            return new Pending(exchange.operation(), answer, () -> {
                if (here.compareAndSet(true, false)) {
                    leave(answer);
                }
            });
        }

        private void leave(CompletableFuture<PendingCall.Answer> answer) {
            boolean last;
            synchronized (this) {
                last = --waiting == 0;
                over |= last;
            }
            if (last) {
                exchange.cancel();
            } else {
                answer.completeExceptionally(Pending.left());
            }
        }
    }
}
