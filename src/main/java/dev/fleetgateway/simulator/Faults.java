package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The faults in force on one machine, and the calls they hold back: these wait in a set, on no thread. */
final class Faults {

    private static final String ALL = "";
    /** How much longer everything takes on a slow link. */
    static final Duration SLOWNESS = Duration.ofMillis(300);

    private static final String HEARTBEAT = "viam.robot.v1.RobotService/SendSessionHeartbeat";
    private static final String SIGNALING = "proto.rpc.webrtc.v1.SignalingService/";

    /** One rule a method, and there are far fewer methods than this. */
    private static final int MOST_RULES = 256;

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    // Replaced whole, so that a call without faults costs one read.
    private volatile Map<String, Rule> rules = Map.of();

    private volatile Map<String, Duration> ways = Map.of();

    private volatile Set<Fault> flags = Set.of();

    // As bounded as the calls in flight are.
    @GuardedBy("lock")
    private final Set<Held> held = new LinkedHashSet<>();

    // As bounded as the streams of all connections are.
    @GuardedBy("lock")
    private final Set<Held> onTheWay = new LinkedHashSet<>();

    Faults(Time time) {
        this.time = time;
    }

    /** How long calls wait; those without a delay hang. */
    private record Rule(Optional<Duration> delay) {}

    private static final Rule HANG = new Rule(Optional.empty());

    /** A call that waits for its turn. */
    static final class Held {
        private final Runnable go;
        private final AtomicBoolean gone = new AtomicBoolean();

        Held(Runnable go) {
            this.go = go;
        }

        private void release() {
            if (gone.compareAndSet(false, true)) {
                go.run();
            }
        }
    }

    /** Whether {@link #admit} would hold this method back. */
    boolean concern(String method) {
        return ruleFor(method) != null;
    }

    /** Lets a call go on now, after its delay, or when the machine is mended. */
    void admit(String method, Held call) {
        Rule rule = ruleFor(method);
        if (rule == null) {
            call.release();
            return;
        }
        rule.delay().ifPresentOrElse(delay -> time.after(delay, call::release), () -> {
            lock.lock();
            try {
                held.add(call);
            } finally {
                lock.unlock();
            }
        });
    }

    /** Lets a call reach the machine now or after its time on the way, also when its caller has gone by then. */
    void travel(String method, Runnable arrive) {
        Map<String, Duration> now = ways;
        Duration way = now.isEmpty() ? null : now.getOrDefault(method, now.get(ALL));
        if (way == null) {
            arrive.run();
            return;
        }
        Held call = new Held(arrive);
        lock.lock();
        try {
            onTheWay.add(call);
        } finally {
            lock.unlock();
        }
        time.after(way, () -> {
            lock.lock();
            try {
                onTheWay.remove(call);
            } finally {
                lock.unlock();
            }
            call.release();
        });
    }

    /** Forgets a call whose caller has gone. */
    void drop(Held call) {
        call.gone.set(true);
        lock.lock();
        try {
            held.remove(call);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all calls held back or on the way: the process they were in, or were for, is gone. */
    void dropAll() {
        lock.lock();
        try {
            onTheWay.forEach(call -> call.gone.set(true));
            onTheWay.clear();
        } finally {
            lock.unlock();
        }
        take().forEach(call -> call.gone.set(true));
    }

    void hang(@Nullable String method) {
        rule(method, HANG);
    }

    void delay(@Nullable String method, Duration delay) {
        rule(method, new Rule(Optional.of(future(delay))));
    }

    void delayOnTheWay(@Nullable String method, Duration delay) {
        lock.lock();
        try {
            ways = with(ways, key(method), future(delay));
        } finally {
            lock.unlock();
        }
    }

    boolean has(Fault fault) {
        return flags.contains(fault);
    }

    /** What becomes now of what passes over one of the machine's networks. */
    Passage passage(Passage.Network network) {
        Set<Fault> now = flags;
        if (now.isEmpty()) {
            return Passage.FREE;
        }
        boolean there = !now.contains(network == Passage.Network.LAN ? Fault.LEAVE_LAN : Fault.LOSE_INTERNET);
        return new Passage(
                there,
                there && !now.contains(Fault.HALF_OPEN),
                now.contains(Fault.SLOW_LINK) ? SLOWNESS : Duration.ZERO);
    }

    void set(Fault fault, boolean on) {
        lock.lock();
        try {
            Set<Fault> next = EnumSet.noneOf(Fault.class);
            next.addAll(flags);
            if (on) {
                next.add(fault);
            } else {
                next.remove(fault);
            }
            flags = Set.copyOf(next);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all faults and lets go what was held back. */
    void clear() {
        lock.lock();
        try {
            rules = Map.of();
            ways = Map.of();
            flags = Set.of();
        } finally {
            lock.unlock();
        }
        take().forEach(Held::release);
    }

    List<ActiveFault> active() {
        List<ActiveFault> active = new ArrayList<>();
        flags.stream().sorted().map(ActiveFault::of).forEach(active::add);
        rules.forEach((method, rule) -> active.add(new ActiveFault(
                rule.delay().isPresent() ? Fault.DELAY : Fault.HANG,
                Optional.of(method).filter(m -> !m.equals(ALL)),
                rule.delay())));
        return List.copyOf(active);
    }

    private void rule(@Nullable String method, Rule rule) {
        lock.lock();
        try {
            rules = with(rules, key(method), rule);
        } finally {
            lock.unlock();
        }
    }

    private static String key(@Nullable String method) {
        return method == null ? ALL : method.startsWith("/") ? method.substring(1) : method;
    }

    private static <V> Map<String, V> with(Map<String, V> before, String key, V value) {
        Map<String, V> next = new TreeMap<>(before);
        next.put(key, value);
        if (next.size() > MOST_RULES) {
            throw new IllegalArgumentException("More than " + MOST_RULES + " methods with faults on one machine");
        }
        return next;
    }

    private static Duration future(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("A delay of " + delay + " is in the past");
        }
        return delay;
    }

    private @Nullable Rule ruleFor(String method) {
        if (method.equals(HEARTBEAT) && has(Fault.MISS_HEARTBEATS)) {
            return HANG;
        }
        if (method.startsWith(SIGNALING) && has(Fault.SIGNALING_DOWN)) {
            return HANG;
        }
        Map<String, Rule> now = rules;
        if (now.isEmpty()) {
            return null;
        }
        Rule own = now.get(method);
        return own == null ? now.get(ALL) : own;
    }

    private List<Held> take() {
        lock.lock();
        try {
            List<Held> taken = List.copyOf(held);
            held.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
