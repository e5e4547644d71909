package dev.fleetgateway.connection;

import dev.fleetgateway.time.Time;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The lines that were left for a better one: whoever took such a line a moment ago may still begin a call on it, then it takes none, and
 * when those in flight have had their time it is closed. One that no longer answered is closed at once. Confined to the context of its connection.
 */
final class Farewells {

    /** For who had it in his hand when it was left; a standstill of the process must not turn into a failed call. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** Longer than a call may take. */
    private static final Duration MOST = Duration.ofMinutes(15);

    /** Nobody changes routes so often; the oldest goes. */
    private static final int MOST_AT_ONCE = 4;

    private final Time time;
    private final SynchronizationContext context;
    private final Deque<Leaving> all = new ArrayDeque<>();

    Farewells(Time time, SynchronizationContext context) {
        this.time = time;
        this.context = context;
    }

    /** It does not carry any more. */
    void add(Line line) {
        line.stopWatching();
        if (!line.good()) {
            // What waits on it must not arrive later, and its callers are told at once.
            line.close();
            return;
        }
        if (all.size() == MOST_AT_ONCE) {
            all.removeFirst().end();
        }
        Leaving leaving = new Leaving(line);
        all.addLast(leaving);
        leaving.next.set(GRACE);
    }

    /** All of them end now. */
    void close() {
        all.forEach(Leaving::end);
        all.clear();
    }

    private final class Leaving {

        private final Line line;
        private final Alarm next;
        private boolean retired;

        Leaving(Line line) {
            this.line = line;
            this.next = new Alarm(time, context, this::goOn);
        }

        private void goOn() {
            if (retired) {
                end();
                all.remove(this);
            } else {
                retired = true;
                line.retire();
                next.set(MOST);
            }
        }

        private void end() {
            next.cancel();
            line.close();
        }
    }
}
