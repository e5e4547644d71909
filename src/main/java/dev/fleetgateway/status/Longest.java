package dev.fleetgateway.status;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * For how long the one machine has been in trouble that has been so for longest. A sum over the fleet cannot tell that: where many are
 * in trouble by turns, it is never zero. Looked at with every scrape, so that it is as exact as they are frequent. Safe for use by many
 * threads.
 */
final class Longest {

    private final Pictures pictures;
    private final Predicate<MachinePicture> trouble;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** When each was first seen in trouble, a reading of {@link Time#nanos()}; as bounded as the fleet is. */
    @GuardedBy("lock")
    private final Map<String, Long> since = new HashMap<>();

    Longest(Pictures pictures, Predicate<MachinePicture> trouble, Time time) {
        this.pictures = pictures;
        this.trouble = trouble;
        this.time = time;
    }

    /** That time; zero where no machine is in trouble. */
    double seconds() {
        lock.lock();
        try {
            long now = time.nanos();
            long first = now;
            Set<String> troubled = new HashSet<>();
            for (Picture picture : pictures.all()) {
                MachinePicture machine = picture.machine();
                if (trouble.test(machine)) {
                    troubled.add(machine.name());
                    long began = since.computeIfAbsent(machine.name(), _ -> now);
                    first = began - first < 0 ? began : first;
                }
            }
            since.keySet().retainAll(troubled);
            return (now - first) / 1e9;
        } finally {
            lock.unlock();
        }
    }
}
