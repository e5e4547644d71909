package dev.fleetgateway.connection;

import dev.fleetgateway.time.Time;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One thing to do later, in a context: set anew it forgets when it was set to before. Confined to that context. */
final class Alarm {

    private final Time time;
    private final SynchronizationContext context;
    private final Runnable task;
    private Time.@Nullable Timer timer;
    private long due;
    private long settings;

    Alarm(Time time, SynchronizationContext context, Runnable task) {
        this.time = time;
        this.context = context;
        this.task = task;
    }

    void set(Duration wait) {
        cancel();
        long mine = settings;
        due = time.nanos() + wait.toNanos();
        timer = time.after(
                wait,
                () -> context.execute(() -> {
                    // One that was cancelled may have been on its way already.
                    if (mine == settings) {
                        timer = null;
                        task.run();
                    }
                }));
    }

    /** Rings by then at the latest. */
    void bringForward(Duration wait) {
        if (!isSet() || due - time.nanos() > wait.toNanos()) {
            set(wait);
        }
    }

    boolean isSet() {
        return timer != null;
    }

    void cancel() {
        settings++;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
