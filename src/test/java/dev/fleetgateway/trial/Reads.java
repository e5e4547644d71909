package dev.fleetgateway.trial;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the gateway for something of the machine every 50 ms, patient for half a second, and keeps what became of it. */
final class Reads implements AutoCloseable {

    private static final int EVERY_MILLIS = 50;

    private final Rest rest;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Semaphore room = new Semaphore(40);
    private final List<Read> reads = new CopyOnWriteArrayList<>();

    private record Read(long from, long to, int status, String code, String route) {

        boolean good() {
            return status == 200;
        }
    }

    Reads(Rest rest) {
        this.rest = rest;
        var _ = clock.scheduleAtFixedRate(
                () -> {
                    if (room.tryAcquire()) {
                        Thread.startVirtualThread(this::read);
                    }
                },
                0,
                EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void read() {
        long from = System.nanoTime();
        try {
            Rest.Answer answer = rest.within("500ms", "/components/motor/m2/IsMoving", null, "{}");
            reads.add(
                    new Read(from, System.nanoTime(), answer.status(), answer.code(), answer.header("Gateway-Route")));
        } catch (IOException | InterruptedException e) {
            reads.add(new Read(from, System.nanoTime(), 0, String.valueOf(e.getMessage()), ""));
        } finally {
            room.release();
        }
    }

    /** When one that was asked after then was first answered, over a route of that kind where one is given; waited for. */
    OptionalLong awaitGood(long after, @Nullable String kind, long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (true) {
            OptionalLong first = reads.stream()
                    .filter(read -> read.good() && read.from - after > 0)
                    .filter(read -> kind == null || read.route.equals(kind))
                    .mapToLong(Read::to)
                    .min();
            if (first.isPresent() || System.nanoTime() - end > 0) {
                return first;
            }
            Thread.sleep(10);
        }
    }

    /** What those asked between two times came to, and how often. */
    Map<String, Integer> outcomes(long from, long to) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Read read : new ArrayList<>(reads)) {
            if (read.from - from > 0 && read.from - to < 0) {
                counts.merge(read.good() ? "200 " + read.route : read.status + " " + read.code, 1, Integer::sum);
            }
        }
        return counts;
    }

    /** The longest time between two good answers then, or before the first or after the last. */
    double longestPauseMillis(long from, long to) {
        long last = from;
        long longest = 0;
        for (long at : reads.stream()
                .filter(read -> read.good() && read.to - from > 0 && read.to - to < 0)
                .mapToLong(Read::to)
                .sorted()
                .toArray()) {
            longest = Math.max(longest, at - last);
            last = at;
        }
        return Math.max(longest, to - last) / 1e6;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
