package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * One direction of one link. What is put in comes out in the same order: at once, after a delay, or only when a cut has ended,
 * as a transport that sends again would bring it.
 *
 * <p>Used on its executor only, which runs one task after another.
 */
final class Lane<T> {

    /** More than any window holds; what comes beyond it is lost, and with it the link. */
    static final long MOST_HELD = 8 << 20;

    private final Time time;
    private final Executor executor;
    private final ToIntFunction<T> size;
    private final Consumer<T> out;

    private final ArrayDeque<Waiting<T>> waiting = new ArrayDeque<>();
    private long held;
    private boolean open = true;
    private Duration delay = Duration.ZERO;
    private boolean torn;

    /**
     * @param size what a thing counts for
     * @param out takes what has passed
     */
    Lane(Time time, Executor executor, ToIntFunction<T> size, Consumer<T> out) {
        this.time = time;
        this.executor = executor;
        this.size = size;
        this.out = out;
    }

    private record Waiting<T>(T thing, long due) {}

    /** Lets things pass, or not, and after so long, from now on. */
    void becomes(boolean open, Duration delay) {
        this.open = open;
        this.delay = delay;
        drain();
    }

    /** Sends a thing on its way. False if there was no room for it, and then it is lost. */
    boolean put(T thing) {
        if (waiting.isEmpty() && open && delay.isZero()) {
            out.accept(thing);
            return true;
        }
        int bytes = size.applyAsInt(thing);
        if (held + bytes > MOST_HELD) {
            torn = true;
            return false;
        }
        held += bytes;
        waiting.add(new Waiting<>(thing, time.nanos() + delay.toNanos()));
        if (!delay.isZero()) {
            time.after(delay, () -> executor.execute(this::drain));
        }
        return true;
    }

    /** How much is on its way. */
    long held() {
        return held;
    }

    /** Whether something was lost, so that what comes after it makes no sense. */
    boolean torn() {
        return torn;
    }

    /** Loses what is on its way. */
    void clear(Consumer<T> lost) {
        while (!waiting.isEmpty()) {
            lost.accept(waiting.remove().thing());
        }
        held = 0;
    }

    private void drain() {
        while (open) {
            Waiting<T> first = waiting.peek();
            // Without a delay it passes now, though it was delayed when it came.
            if (first == null || (!delay.isZero() && first.due() - time.nanos() > 0)) {
                return;
            }
            waiting.remove();
            held -= size.applyAsInt(first.thing());
            out.accept(first.thing());
        }
    }
}
