package dev.fleetgateway.bench;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Load on a road, for a while. */
final class Load {

    /** Latencies kept of one run; a run with more keeps the first. */
    private static final int MOST = 1_000_000;

    private static final long DRAIN_SECONDS = 30;

    private final Road road;
    private final int slots;
    private final AtomicLongArray turns;
    private final long[] nanos = new long[MOST];

    Load(Road road, int slots) {
        this.road = road;
        this.slots = slots;
        turns = new AtomicLongArray(slots);
    }

    /** Where the slots divide the machines, each slot has machines of its own, and no two calls are in flight on one of them. */
    private void send(int slot) {
        road.send(slot, turns.getAndIncrement(slot) * slots + slot);
    }

    /**
     * What became of one run.
     *
     * @param p50 how long half of the calls took at most, in microseconds
     * @param p99 the same for all but one in a hundred
     */
    record Sample(long calls, long failures, double seconds, double p50, double p99) {

        double perSecond() {
            return calls / seconds;
        }
    }

    /** Before loads on the road, and not counted with them: see {@link Road#enter}. */
    void enter() throws InterruptedException {
        road.enter();
    }

    /** After them. */
    void leave() throws InterruptedException {
        road.leave();
    }

    /** As fast as answers come: every slot calls again when it was answered. */
    Sample closed(double seconds) throws InterruptedException {
        Run run = new Run(slots);
        long end = run.start + (long) (seconds * 1e9);
        CountDownLatch left = new CountDownLatch(slots);
        road.listen((slot, ok) -> {
            long now = System.nanoTime();
            run.ended(now - run.begun[slot], ok);
            if (now < end) {
                run.begun[slot] = now;
                send(slot);
            } else {
                left.countDown();
            }
        });
        for (int slot = 0; slot < slots; slot++) {
            run.begun[slot] = System.nanoTime();
            send(slot);
        }
        if (!left.await((long) seconds + DRAIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(left.getCount() + " calls never ended");
        }
        return run.sample(System.nanoTime());
    }

    /**
     * At a fixed rate, whatever the answers do. A call's time counts from when it was due, not from when a slot came free for
     * it: else a gateway that stands still would be asked less just then, and look well (coordinated omission).
     */
    Sample open(double seconds, double perSecond) throws InterruptedException {
        Run run = new Run(slots);
        Due due = new Due(run);
        road.listen(due::ended);
        long calls = (long) (seconds * perSecond);
        for (long i = 0; i < calls; i++) {
            long at = run.start + (long) (i * 1e9 / perSecond);
            long wait = at - System.nanoTime();
            while (wait > 0) {
                LockSupport.parkNanos(wait);
                wait = at - System.nanoTime();
            }
            due.call(at);
        }
        due.drain(calls);
        return run.sample(run.start + (long) (seconds * 1e9));
    }

    /** One at a time, since all write into the same room: a new one each would be the collector's work while it measures. */
    private final class Run {

        private final long start = System.nanoTime();
        private final long[] begun;
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();

        Run(int slots) {
            begun = new long[slots];
        }

        void ended(long took, boolean ok) {
            int index = ended.getAndIncrement();
            if (index < MOST) {
                nanos[index] = took;
            }
            if (!ok) {
                failures.incrementAndGet();
            }
        }

        Sample sample(long end) {
            long[] sorted = Arrays.copyOf(nanos, Math.min(MOST, ended.get()));
            Arrays.sort(sorted);
            return new Sample(
                    ended.get(), failures.get(), (end - start) / 1e9, micros(sorted, 0.5), micros(sorted, 0.99));
        }

        private static double micros(long[] sorted, double share) {
            return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))] / 1000.0;
        }
    }

    /** Calls that are due, and the slots that are free for them. */
    private final class Due {

        private final Run run;

        @GuardedBy("this")
        private final ArrayDeque<Integer> free = new ArrayDeque<>();

        @GuardedBy("this")
        private final ArrayDeque<Long> late = new ArrayDeque<>();

        Due(Run run) {
            this.run = run;
            for (int slot = 0; slot < slots; slot++) {
                free.add(slot);
            }
        }

        void call(long at) {
            Integer slot;
            synchronized (this) {
                slot = free.poll();
                if (slot == null) {
                    late.add(at);
                }
            }
            if (slot != null) {
                send(slot, at);
            }
        }

        void ended(int slot, boolean ok) {
            run.ended(System.nanoTime() - run.begun[slot], ok);
            @Nullable Long next;
            synchronized (this) {
                next = late.poll();
                if (next == null) {
                    free.add(slot);
                }
            }
            if (next != null) {
                send(slot, next);
            }
        }

        private void send(int slot, long at) {
            run.begun[slot] = at;
            Load.this.send(slot);
        }

        void drain(long calls) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
            while (run.ended.get() < calls) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException((calls - run.ended.get()) + " calls never ended");
                }
                Thread.sleep(5);
            }
        }
    }
}
