package dev.fleetgateway.lease;

import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The ways to one machine: the connections under all its names, and the one that a lease pins. It shares the lock of its {@link Desk}. */
final class Reach {

    /** What the identity of a machine begins with that was never reached. */
    static final String UNREACHED = "name ";

    private static final String ADDRESS = "address ";

    private final ReentrantLock lock;
    private final Holding holding;

    private volatile String identity;

    // Guarded by the lock; as bounded as the machines in the settings.
    private final Map<String, Connection> connections = new TreeMap<>();
    private @Nullable Connection pinned;
    private @Nullable Link known;

    Reach(String identity, ReentrantLock lock, Holding holding) {
        this.identity = identity;
        this.lock = lock;
        this.holding = holding;
    }

    void add(String name, Connection connection) {
        lock.lock();
        try {
            connections.put(name, connection);
            if (pinned != null && pinned.machine().name().equals(name)) {
                pinned = connection;
            }
        } finally {
            lock.unlock();
        }
    }

    static boolean isAddress(String identity) {
        return identity.startsWith(ADDRESS);
    }

    boolean isByAddress() {
        return isAddress(identity);
    }

    boolean isIdentity(String other) {
        return identity.equals(other);
    }

    /** The same machine was reached at another address. */
    void identify(String other) {
        identity = other;
    }

    void remove(String name) {
        lock.lock();
        try {
            connections.remove(name);
        } finally {
            lock.unlock();
        }
    }

    List<String> names() {
        lock.lock();
        try {
            return List.copyOf(connections.keySet());
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        return names().isEmpty();
    }

    /** The name it is called by where nobody says by which: that of the connection commands went over last. */
    String name() {
        lock.lock();
        try {
            return pinned == null ? identity : pinned.machine().name();
        } finally {
            lock.unlock();
        }
    }

    /** The connection by that name; null where there is none. */
    @Nullable
    Connection by(String name) {
        lock.lock();
        try {
            return connections.get(name);
        } finally {
            lock.unlock();
        }
    }

    /** From now on commands go over this one. Under the lock. */
    void pin(Connection connection, Link link) {
        pinned = connection;
        known = link;
    }

    /** The link that commands went over last. Under the lock. */
    @Nullable
    Link known() {
        return known;
    }

    /** Whether commands go over that link already, or over another that is as good. Under the lock. */
    boolean isSettledWithout(Connection connection, Link link) {
        return link.equals(known)
                || (pinned != null
                        && !pinned.equals(connection)
                        && pinned.link().isPresent());
    }

    /** A link for commands: where the machine is held that of the lease's connection alone, since a lease pins it. */
    Optional<Link> forCommands() {
        return ordered(true).stream()
                .map(Connection::link)
                .flatMap(Optional::stream)
                .filter(this::leadsHere)
                .findFirst();
    }

    /** A link that may carry a stop: any, the lease's own first. */
    Optional<Link> forStop() {
        return ordered(false).stream()
                .map(Connection::linkForStop)
                .flatMap(Optional::stream)
                .filter(this::leadsHere)
                .findFirst();
    }

    /** A name may lead to another machine by now, which nobody here has a lease of. One never reached is whatever answers. */
    private boolean leadsHere(Link link) {
        return link.identity().equals(identity) || identity.startsWith(UNREACHED);
    }

    /** One more link, beside those there are. */
    CompletableFuture<Connection.Aside> aside(Duration within) {
        List<Connection> all = ordered(false);
        return all.isEmpty()
                ? CompletableFuture.failedFuture(new IllegalStateException(absence(null)))
                : all.getFirst().dialAside(within).thenApply(opened -> {
                    if (leadsHere(opened.link())) {
                        return opened;
                    }
                    opened.close();
                    throw new IllegalStateException("another machine answers there");
                });
    }

    /** Why nothing leads there, in words. */
    String absence() {
        return absence(ordered(false).stream().findFirst().orElse(null));
    }

    static String absence(@Nullable Connection connection) {
        if (connection == null) {
            return "the machine left the fleet";
        }
        var now = connection.snapshot().state();
        return "the machine is " + now.word() + ", " + now.reason();
    }

    /** What the machine last listed. */
    List<MachineReport.Resource> resources() {
        return ordered(false).stream()
                .map(each -> each.snapshot().report())
                .filter(Objects::nonNull)
                .findFirst()
                .map(MachineReport::resources)
                .orElse(List.of());
    }

    private List<Connection> ordered(boolean commandsOnly) {
        lock.lock();
        try {
            List<Connection> all = new ArrayList<>(connections.values());
            Connection first = pinned;
            if (first == null || !all.contains(first)) {
                return all;
            }
            if (commandsOnly) {
                if (!holding.isHeld()) {
                    return all;
                }
                return List.of(first);
            }
            all.remove(first);
            all.addFirst(first);
            return all;
        } finally {
            lock.unlock();
        }
    }
}
