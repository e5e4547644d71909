package dev.fleetgateway.door;

import dev.fleetgateway.door.Laggard.Wanting;
import dev.fleetgateway.time.Time;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's connections, and a reserve beside them that a stop finds free: while it is in use, callers who keep the gateway
 * waiting for a request are hung up on. A socket, or a request that is whole, is never cut.
 */
final class DoorEndpoint extends NioEndpoint {

    /** How many connections are taken beyond those there are for everybody. */
    static final int RESERVE = 128;

    // More than is needed, so that the next to come do not each have to be made room for.
    private static final int AT_ONCE = RESERVE / 4;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(DoorEndpoint.class);

    // One of each connection at most.
    private final Map<SocketWrapperBase<?>, Request> served = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile @Nullable Time time;
    private volatile int most;
    private volatile @Nullable Long warnedAt;

    DoorEndpoint() {
        setMaxConnections(getMaxConnections());
    }

    /** How many are for everybody; less than zero is no limit, and needs no reserve. */
    @Override
    public void setMaxConnections(int most) {
        this.most = most;
        super.setMaxConnections(most < 0 ? most : most + RESERVE);
    }

    /** Tells it the time, without which nobody is hung up on. */
    void setTime(Time time) {
        this.time = time;
    }

    /** How many connections are for everybody. */
    int most() {
        return most;
    }

    /** Whether more are open than are for everybody. */
    boolean isCrowded() {
        return most >= 0 && connections.size() > most;
    }

    /** From now on, a wait on this connection is one for what is missing of a request. */
    void serves(SocketWrapperBase<?> connection, Request request) {
        served.put(connection, request);
    }

    /** From now on it is not. */
    void hasServed(SocketWrapperBase<?> connection) {
        served.remove(connection);
    }

    @Override
    protected boolean setSocketOptions(SocketChannel channel) {
        boolean taken = super.setSocketOptions(channel);
        lookIfCrowded(Duration.ZERO);
        return taken;
    }

    // Again and again until it is not: where the reserve is full too, nobody comes in who would make it look.
    private void lookIfCrowded(Duration delay) {
        Time clock = time;
        if (clock != null && isCrowded() && looking.compareAndSet(false, true)) {
            // Not on a virtual thread, of which a storm of callers makes many.
            clock.after(
                    delay, () -> Thread.ofPlatform().daemon().name("door-room").start(() -> look(clock)));
        }
    }

    private void look(Time clock) {
        try {
            warn(clock);
            makeRoom(clock);
        } finally {
            looking.set(false);
        }
        lookIfCrowded(BETWEEN_LOOKS);
    }

    private void makeRoom(Time clock) {
        int staying = connections.size();
        List<Laggard> laggards = new ArrayList<>();
        for (Map.Entry<SocketChannel, ?> open : connections.entrySet()) {
            if (open.getKey().socket().isInputShutdown()) {
                staying--;
            } else if (open.getValue() instanceof NioSocketWrapper connection) {
                Laggard laggard = laggard(clock, open.getKey(), connection);
                if (laggard != null) {
                    laggards.add(laggard);
                }
            }
        }
        if (staying <= most) {
            return;
        }
        staying -= hangUp(
                clock,
                laggards.stream().filter(laggard -> !laggard.isNew()).sorted(Laggard.CHEAPEST_FIRST),
                staying - most + AT_ONCE);
        // Who has just come has half of the reserve to speak in.
        if (staying > most + RESERVE - AT_ONCE) {
            hangUp(
                    clock,
                    laggards.stream().filter(Laggard::isNew).sorted(Laggard.LONGEST_FIRST),
                    staying - most - RESERVE / 2);
        }
    }

    private int hangUp(Time clock, Stream<Laggard> laggards, int howMany) {
        return laggards.filter(laggard -> hangUp(clock, laggard))
                .limit(howMany)
                .toList()
                .size();
    }

    private @Nullable Laggard laggard(Time clock, SocketChannel channel, NioSocketWrapper connection) {
        if (!connection.interestOpsHas(SelectionKey.OP_READ)) {
            return null;
        }
        Request request = served.get(connection);
        if (request != null) {
            return new Laggard(channel, connection, Wanting.REST_OF_BODY, clock.since(request.getStartTimeNanos()));
        }
        if (!(connection.getCurrentProcessor() instanceof Processor processor)) {
            long waited = clock.now().toEpochMilli() - connection.getLastRead();
            return new Laggard(channel, connection, Wanting.REQUEST, Duration.ofMillis(waited));
        }
        // A socket, or an answer that goes on by itself.
        if (processor.isUpgrade() || processor.isAsync()) {
            return null;
        }
        return new Laggard(
                channel,
                connection,
                Wanting.REST_OF_HEAD,
                clock.since(processor.getRequest().getStartTimeNanos()));
    }

    private boolean hangUp(Time clock, Laggard chosen) {
        SocketChannel channel = chosen.channel();
        ReentrantLock lock = chosen.connection().getLock();
        // Whoever reads a body holds it all the while. Anybody else who holds it has just been sent what was missing,
        // or
        // has a socket.
        boolean held = lock.tryLock();
        try {
            Laggard still = laggard(clock, channel, chosen.connection());
            if (still == null || (!held && still.wanting() != Wanting.REST_OF_BODY)) {
                return false;
            }
            // It is we who lag behind where something has come that nobody has had the time to read.
            if (channel.socket().getInputStream().available() > 0) {
                return false;
            }
            // As if he had: Tomcat reads an end and closes the connection by itself, on the thread whose right that is.
            channel.shutdownInput();
            return true;
        } catch (IOException e) {
            log.debug("A connection was closed before it was hung up on", e);
            return true;
        } finally {
            if (held) {
                lock.unlock();
            }
        }
    }

    private void warn(Time clock) {
        Long last = warnedAt;
        if (last != null && clock.since(last).compareTo(BETWEEN_WARNINGS) < 0) {
            return;
        }
        warnedAt = clock.nanos();
        log.warn(
                "More than {} connections are open (server.tomcat.max-connections): only stops are answered, and those"
                        + " who keep the gateway waiting for a request are hung up on, until there are fewer",
                most);
    }
}
