package dev.fleetgateway.time;

import java.time.Duration;
import java.time.Instant;

/** Time that passes many times as fast, for a whole gateway and its machines alike. What the transports wait for by themselves does not. */
public final class FastTime implements Time, AutoCloseable {

    private final SystemTime real = new SystemTime();
    private final Instant start = real.now();
    private final long began = real.nanos();
    private final int speed;

    /** Begins now. */
    public FastTime(int speed) {
        this.speed = speed;
    }

    @Override
    public Instant now() {
        return start.plusNanos(nanos());
    }

    @Override
    public long nanos() {
        return (real.nanos() - began) * speed;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        return real.after(delay.dividedBy(speed), task);
    }

    @Override
    public void close() {
        real.close();
    }
}
