package dev.fleetgateway.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.io.Serial;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** How often the networks are asked: each name once in a while, and so many names a second, since every host hears each question. */
final class SeekRate {

    static final Duration EACH = Duration.ofSeconds(1);
    static final int PER_SECOND = 50;
    private static final int MOST_NAMES = 10_000;

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Long> asked = new LinkedHashMap<>() {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_NAMES;
        }
    };

    @GuardedBy("lock")
    private long second;

    @GuardedBy("lock")
    private int inSecond;

    SeekRate(Time time) {
        this.time = time;
        this.second = time.nanos();
    }

    /** Whether that name may be asked for now; if so, it is taken to be. */
    boolean permits(String key) {
        long now = time.nanos();
        lock.lock();
        try {
            Long last = asked.get(key);
            if (last != null && now - last < EACH.toNanos()) {
                return false;
            }
            if (now - second >= Duration.ofSeconds(1).toNanos()) {
                second = now;
                inSecond = 0;
            }
            if (inSecond >= PER_SECOND) {
                return false;
            }
            inSecond++;
            asked.remove(key);
            asked.put(key, now);
            return true;
        } finally {
            lock.unlock();
        }
    }
}
