package dev.fleetgateway.uplink;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.time.Time;
import dev.fleetgateway.uplink.Uplink.Says;
import dev.fleetgateway.uplink.Uplink.Signal;
import dev.fleetgateway.uplink.Uplink.Source;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One server on the internet, and what was seen of it. */
final class Server {

    /** How often it is looked at while all is well, and while it is not. */
    private static final Duration EVERY = Duration.ofSeconds(30);

    private static final Duration IN_DOUBT = Duration.ofSeconds(5);

    /** With the lookup, and with the connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The longest there may be from what one look saw to what the next one does; what is older says nothing of now. */
    private static final Duration OF_NOW = Duration.ofSeconds(45);

    /** One packet may be lost. */
    private static final int SURE_AFTER = 2;

    private final Address address;
    private final Probe probe;
    private final RouteKinds kinds;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Long lookedAt;

    @GuardedBy("lock")
    private long seenAt;

    @GuardedBy("lock")
    private boolean looking;

    @GuardedBy("lock")
    private @Nullable InetAddress known;

    @GuardedBy("lock")
    private boolean outside = true;

    @GuardedBy("lock")
    private int silent;

    @GuardedBy("lock")
    private int nameless;

    @GuardedBy("lock")
    private Signal connection;

    @GuardedBy("lock")
    private Signal name;

    Server(Address address, Probe probe, RouteKinds kinds, Time time) {
        this.address = address;
        this.probe = probe;
        this.kinds = kinds;
        this.time = time;
        this.seenAt = time.nanos();
        Instant now = time.now();
        this.connection = new Signal(
                Source.SERVER, address.toString(), Says.NOTHING, now, now, address + " has not been tried yet");
        this.name = new Signal(
                Source.NAME, address.host(), Says.NOTHING, now, now, address.host() + " has not been looked up yet");
    }

    /** What it says now. */
    List<Signal> signals() {
        lock.lock();
        try {
            if (time.since(seenAt).compareTo(OF_NOW) > 0) {
                connection = silenced(connection);
                name = silenced(name);
            }
            return isLiteral(address.host()) ? List.of(connection) : List.of(connection, name);
        } finally {
            lock.unlock();
        }
    }

    private Signal silenced(Signal old) {
        return old.says() == Says.NOTHING
                ? old
                : new Signal(
                        old.source(),
                        old.about(),
                        Says.NOTHING,
                        time.now(),
                        old.observedAt(),
                        old.about() + " has not been looked at lately");
    }

    /** Looks at it, if it is time to. Blocks for ten seconds at most. */
    boolean look() {
        lock.lock();
        try {
            boolean well = silent == 0 && nameless == 0;
            if (looking || (lookedAt != null && time.since(lookedAt).compareTo(well ? EVERY : IN_DOUBT) < 0)) {
                return false;
            }
            looking = true;
            lookedAt = time.nanos();
        } finally {
            lock.unlock();
        }
        try {
            see();
            return true;
        } finally {
            lock.lock();
            try {
                looking = false;
            } finally {
                lock.unlock();
            }
        }
    }

    private void see() {
        InetAddress found = null;
        String unknown = "";
        try {
            found = probe.lookUp(address.host(), PATIENCE).getFirst();
        } catch (UnknownHostException e) {
            unknown = address.host() + " cannot be looked up";
        }
        InetAddress at = found != null ? found : last();
        boolean far = at == null || kinds.judge(at).kind() == Route.Kind.INTERNET;
        Probe.Answer answer = at == null || !far ? null : probe.connect(at, address, PATIENCE);
        lock.lock();
        try {
            if (found != null) {
                known = found;
            }
            outside = far;
            seenAt = time.nanos();
            take(unknown, answer);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable InetAddress last() {
        lock.lock();
        try {
            return known;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void take(String unknown, Probe.@Nullable Answer answer) {
        nameless = unknown.isEmpty() ? 0 : nameless + 1;
        name = unknown.isEmpty()
                // It may have come from a cache.
                ? next(name, Says.NOTHING, address.host() + " can be looked up")
                : next(name, nameless < SURE_AFTER ? Says.NOTHING : Says.DOWN, unknown);
        switch (answer) {
            case null -> {
                silent = 0;
                connection = next(
                        connection,
                        Says.NOTHING,
                        outside ? address + " has no known address" : address + " is not on the internet");
            }
            case Probe.Answer.There(var how) -> {
                silent = 0;
                connection = next(connection, Says.UP, how);
            }
            case Probe.Answer.Silent(var why) -> {
                silent++;
                connection = next(connection, silent < SURE_AFTER ? Says.NOTHING : Says.DOWN, why);
            }
        }
    }

    private Signal next(Signal before, Says says, String detail) {
        Instant now = time.now();
        return new Signal(
                before.source(), before.about(), says, says == before.says() ? before.since() : now, now, detail);
    }

    /** Whether it is on the internet, for all that is known. */
    boolean isOutside() {
        lock.lock();
        try {
            return outside;
        } finally {
            lock.unlock();
        }
    }

    private static boolean isLiteral(String host) {
        try {
            var _ = InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
