package dev.fleetgateway.uplink;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.cloud.CloudSettings;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.route.Names;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.time.Time;
import dev.fleetgateway.uplink.Uplink.Says;
import dev.fleetgateway.uplink.Uplink.Signal;
import dev.fleetgateway.uplink.Uplink.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Watches the gateway's own way to the internet. Safe for use by many threads. */
@Component
public final class UplinkWatch implements Connections.Listener, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(UplinkWatch.class);

    /** How often it is judged, and servers are looked at that are due. */
    private static final Duration TICK = Duration.ofSeconds(5);

    /** Fleets have one signaling server; of many, the first few tell as much as all. */
    private static final int MOST_SERVERS = 4;

    private final Fleet fleet;
    private final List<Address> always;
    private final Connections connections;
    private final Networks networks;
    private final Probe probe;
    private final RouteKinds kinds;
    private final Executor blocking;
    private final Time time;
    private final Far far;
    private final Map<Address, Server> servers = new ConcurrentHashMap<>();
    private final News news;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Time.@Nullable Timer timer;

    @GuardedBy("lock")
    private @Nullable Signal network;

    @GuardedBy("lock")
    private @Nullable Instant quietSince;

    private volatile Uplink now;
    private volatile boolean running;

    /** Looks at nothing until it is started. */
    @Autowired
    UplinkWatch(
            Fleet fleet,
            Connections connections,
            Networks networks,
            Names names,
            RouteKinds kinds,
            CloudSettings cloud,
            Time time) {
        this(
                fleet,
                cloud.used() ? List.of(cloud.at()) : List.of(),
                connections,
                networks,
                new SocketProbe(names),
                kinds,
                Thread::startVirtualThread,
                time);
    }

    UplinkWatch(
            Fleet fleet,
            List<Address> always,
            Connections connections,
            Networks networks,
            Probe probe,
            RouteKinds kinds,
            Executor blocking,
            Time time) {
        this.fleet = fleet;
        this.always = always;
        this.connections = connections;
        this.networks = networks;
        this.probe = probe;
        this.kinds = kinds;
        this.blocking = blocking;
        this.time = time;
        this.far = new Far(time);
        this.news = new News(() -> now, blocking);
        this.now = new Uplink(
                Uplink.State.UNKNOWN,
                time.now().truncatedTo(ChronoUnit.MILLIS),
                "the gateway has just started",
                List.of());
    }

    /** As it was last judged, some seconds ago at most. */
    public Uplink now() {
        return now;
    }

    /**
     * Has it told at once, and what changes from then on: the newest, in order, one listener after the other, on a thread of its own.
     * What was overtaken before it could be told is left out.
     *
     * @param listener may take its time, which holds up other listeners and nothing else, but must not wait for anybody
     */
    public void listen(Consumer<Uplink> listener) {
        news.listen(listener);
    }

    @Override
    public void changed(Connection.Snapshot snapshot) {
        far.changed(snapshot);
    }

    @Override
    public void removed(String machine) {
        far.removed(machine);
    }

    @Override
    public void start() {
        running = true;
        connections.listen(this);
        tick();
    }

    private void tick() {
        lock.lock();
        try {
            if (!running) {
                return;
            }
            // First of all, so that a defect in one look is not the end of looking.
            timer = time.after(TICK, this::tick);
        } finally {
            lock.unlock();
        }
        watch();
        for (Server server : servers.values()) {
            blocking.execute(() -> look(server));
        }
        judge();
    }

    private void look(Server server) {
        try {
            if (server.look()) {
                judge();
            }
        } catch (RuntimeException e) {
            // It runs on a thread of its own, where nobody would be told.
            log.error("A look at a server on the internet failed", e);
        }
    }

    /** The servers that the fleet needs as it is now. */
    private void watch() {
        Set<Address> needed = new LinkedHashSet<>(always);
        for (Machine machine : fleet.machines()) {
            Signaling signaling = machine.signaling();
            if (signaling != null && needed.size() < MOST_SERVERS) {
                needed.add(signaling.address());
            }
        }
        servers.keySet().retainAll(needed);
        needed.forEach(address -> servers.computeIfAbsent(address, _ -> new Server(address, probe, kinds, time)));
    }

    private void judge() {
        Uplink before;
        Uplink judged;
        lock.lock();
        try {
            List<Signal> signals = new ArrayList<>();
            network = network();
            signals.add(network);
            servers.values().forEach(server -> signals.addAll(server.signals()));
            signals.add(far.signal());
            boolean needed = servers.values().stream().anyMatch(Server::isOutside);
            before = now;
            Instant at = time.now();
            boolean quiet = signals.stream().noneMatch(each -> each.says() == Says.UP);
            quietSince = !quiet ? null : quietSince == null ? at : quietSince;
            judged = Judgement.of(needed, signals, quietSince == null ? at : quietSince, before, at);
            now = judged;
        } finally {
            lock.unlock();
        }
        if (judged.state() != before.state()) {
            log.info("The gateway's own way to the internet is {}: {}", judged.state(), judged.reason());
        }
        if (!judged.isLike(before)) {
            news.tell();
        }
    }

    @GuardedBy("lock")
    private Signal network() {
        boolean any = networks.interfaces().stream()
                .filter(each -> !each.loopback())
                .flatMap(each -> each.addresses().stream())
                .anyMatch(each -> !each.address().isLinkLocalAddress());
        Says says = any || networks.interfaces().isEmpty() ? Says.NOTHING : Says.DOWN;
        Signal before = network;
        Instant at = time.now();
        return new Signal(
                Source.NETWORK,
                "this host",
                says,
                before != null && before.says() == says ? before.since() : at,
                at,
                says == Says.DOWN ? "this host is on no network" : "this host is on a network");
    }

    @Override
    public void stop() {
        running = false;
        lock.lock();
        try {
            if (timer != null) {
                timer.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the connections, which it listens to, and before the web server, so that a first answer knows something. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 2048;
    }
}
