package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A board whose pins read back what was written to them, with one analog reader and two interrupts that tick. */
final class Board implements Component {

    /** The names real boards take from their configuration. */
    static final String ANALOG = "a1";

    static final Set<String> INTERRUPTS = Set.of("i1", "i2");

    /** Every pin ever named is kept, so their number is bounded. */
    private static final int MOST_PINS = 256;

    private static final Duration TICK = Duration.ofMillis(700);
    private static final int ANALOG_STEPS = 1_001;

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Pin> pins = new HashMap<>();

    @GuardedBy("lock")
    private int analog;

    @GuardedBy("lock")
    private long ticks;

    @GuardedBy("lock")
    private final Set<Ticker> tickers = new HashSet<>();

    Board(Time time) {
        this.time = time;
    }

    /** What a pin was set to. */
    record Pin(boolean high, double duty, long hertz) {}

    /** A stream of ticks that goes on until it is closed. */
    private static final class Ticker {
        private Time.@Nullable Timer next;
    }

    Pin pin(String name) {
        lock.lock();
        try {
            return pins.getOrDefault(name, new Pin(false, 0, 0));
        } finally {
            lock.unlock();
        }
    }

    void set(String name, UnaryOperator<Pin> change) {
        lock.lock();
        try {
            if (!pins.containsKey(name) && pins.size() >= MOST_PINS) {
                throw Refusal.of("no more than " + MOST_PINS + " pins on this board");
            }
            pins.put(name, change.apply(pins.getOrDefault(name, new Pin(false, 0, 0))));
        } finally {
            lock.unlock();
        }
    }

    /** Counts up with each reading, from 1 to 1000 and round again. */
    int readAnalog(String name) {
        refuseUnless(name.equals(ANALOG), "can't find AnalogReader (" + name + ")");
        lock.lock();
        try {
            analog = (analog + 1) % ANALOG_STEPS;
            return analog;
        } finally {
            lock.unlock();
        }
    }

    void writeAnalog(String name, int value) {
        refuseUnless(name.equals(ANALOG), "can't find AnalogReader (" + name + ")");
        lock.lock();
        try {
            analog = value;
        } finally {
            lock.unlock();
        }
    }

    /** How many ticks were sent to streams so far. */
    long interrupt(String name) {
        refuseUnless(INTERRUPTS.contains(name), "cant find DigitalInterrupt (" + name + ")");
        lock.lock();
        try {
            return ticks;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ticks each of the named interrupts at a fixed rhythm, high and low in turn.
     *
     * @return ends the stream
     */
    Runnable stream(List<String> names, BiConsumer<String, Boolean> each) {
        for (String name : names) {
            interrupt(name);
        }
        Ticker ticker = new Ticker();
        lock.lock();
        try {
            tickers.add(ticker);
        } finally {
            lock.unlock();
        }
        wind(ticker, new ArrayList<>(names), true, each);
        return () -> end(ticker);
    }

    /** The time that ticks carry: whole seconds, as on a real board. */
    long seconds() {
        return time.now().getEpochSecond();
    }

    private void wind(Ticker ticker, List<String> names, boolean high, BiConsumer<String, Boolean> each) {
        lock.lock();
        try {
            if (tickers.contains(ticker)) {
                ticker.next = time.after(TICK, () -> {
                    names.forEach(name -> {
                        count();
                        each.accept(name, high);
                    });
                    wind(ticker, names, !high, each);
                });
            }
        } finally {
            lock.unlock();
        }
    }

    private void count() {
        lock.lock();
        try {
            ticks++;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        List<Ticker> all;
        lock.lock();
        try {
            all = List.copyOf(tickers);
        } finally {
            lock.unlock();
        }
        all.forEach(this::end);
    }

    private void end(Ticker ticker) {
        lock.lock();
        try {
            tickers.remove(ticker);
            if (ticker.next != null) {
                ticker.next.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void refuseUnless(boolean known, String text) {
        if (!known) {
            throw Refusal.of(text);
        }
    }
}
