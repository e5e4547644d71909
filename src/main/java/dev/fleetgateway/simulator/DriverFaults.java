package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** What is wrong with the drivers of one machine, by the name of their resource. What they hold up waits on no thread. */
final class DriverFaults {

    /** There are far fewer resources than this on a machine. */
    private static final int MOST = 256;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<String> hanging = new HashSet<>();

    @GuardedBy("lock")
    private final Map<String, Duration> lingering = new HashMap<>();

    // As bounded as the calls in flight are.
    @GuardedBy("lock")
    private final List<Runnable> held = new ArrayList<>();

    void hangInStop(String resource) {
        lock.lock();
        try {
            refuseTooMany(hanging.size());
            hanging.add(resource);
        } finally {
            lock.unlock();
        }
    }

    void linger(String resource, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("A motion cannot go on for " + time);
        }
        lock.lock();
        try {
            refuseTooMany(lingering.size());
            lingering.put(resource, time);
        } finally {
            lock.unlock();
        }
    }

    Optional<Duration> lingering(String resource) {
        lock.lock();
        try {
            return Optional.ofNullable(lingering.get(resource));
        } finally {
            lock.unlock();
        }
    }

    /** Carries a Stop out now, or when the driver is mended. */
    void stop(String resource, Runnable stop) {
        lock.lock();
        try {
            if (hanging.contains(resource)) {
                held.add(stop);
                return;
            }
        } finally {
            lock.unlock();
        }
        stop.run();
    }

    /** Mends all drivers: what they held up is carried out. */
    void mend() {
        List<Runnable> freed;
        lock.lock();
        try {
            hanging.clear();
            lingering.clear();
            freed = List.copyOf(held);
            held.clear();
        } finally {
            lock.unlock();
        }
        freed.forEach(Runnable::run);
    }

    /** Forgets what they hold up: the process it was in is gone. */
    void drop() {
        lock.lock();
        try {
            held.clear();
        } finally {
            lock.unlock();
        }
    }

    private static void refuseTooMany(int size) {
        if (size >= MOST) {
            throw new IllegalArgumentException("More than " + MOST + " resources with faulty drivers on one machine");
        }
    }
}
