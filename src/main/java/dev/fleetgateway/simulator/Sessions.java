package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import io.grpc.Metadata;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Presence at one machine. A session lives as long as it is heard of once in every window; when it dies, the resources on
 * which it was the last monitored caller are stopped. Last caller wins, also one without a session, who disarms.
 */
final class Sessions {

    /** Carries the session's identifier on monitored calls. */
    static final Metadata.Key<String> SID = Metadata.Key.of("viam-sid", Metadata.ASCII_STRING_MARSHALLER);

    /** The exact words for a session that is not, or not any more, or not yours. */
    static final String EXPIRED = "SESSION_EXPIRED";

    /** So many fit; the next one is refused. */
    static final int MOST = 1_025;

    /** Sent on the wire it means the same as none. */
    private static final String NIL = "00000000-0000-0000-0000-000000000000";

    private final Time time;
    private final Duration window;
    private final BiConsumer<Iterator<String>, Runnable> stop;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Held> held = new LinkedHashMap<>();

    // Holds only names of resources that exist, so it is as bounded as they are.
    @GuardedBy("lock")
    private final Map<String, String> lastCaller = new LinkedHashMap<>();

    // While what an expired session moved is being stopped, everything else that concerns sessions waits, as long as it
    // takes: a real machine stops under the lock that guards them all.
    @GuardedBy("lock")
    private boolean stopping;

    // As bounded as the calls in flight and the sessions are.
    @GuardedBy("lock")
    private final List<Runnable> waiting = new ArrayList<>();

    /**
     * @param window how long a session lives unheard
     * @param stop stops the resources of the given full names one after another, and tells when all stand
     */
    Sessions(Time time, Duration window, BiConsumer<Iterator<String>, Runnable> stop) {
        this.time = time;
        this.window = window;
        this.stop = stop;
    }

    /** Who holds a session: the peer is the address last heard from. */
    record Holder(String owner, @Nullable SocketAddress peer) {}

    /**
     * One session as others see it.
     *
     * @param agreed whether it was last heard of by a data channel
     */
    record Listed(String id, String peer, boolean agreed) {}

    private static final class Held {
        private final String id;
        private final String owner;
        private @Nullable SocketAddress peer;
        private long heard;
        private Time.@Nullable Timer timer;

        private Held(String id, String owner, @Nullable SocketAddress peer, long heard) {
            this.id = id;
            this.owner = owner;
            this.peer = peer;
            this.heard = heard;
        }
    }

    Duration window() {
        return window;
    }

    /**
     * Does something with sessions as soon as nothing is being stopped for an expired one: now, or when the last driver
     * has answered. Without it the methods here do not wait.
     */
    void whenFree(Runnable task) {
        lock.lock();
        try {
            if (stopping) {
                waiting.add(task);
                return;
            }
        } finally {
            lock.unlock();
        }
        task.run();
    }

    /** A new session, heard of now. */
    String start(Holder holder) {
        Held started = new Held(Uuids.random(), holder.owner(), holder.peer(), time.nanos());
        lock.lock();
        try {
            if (held.size() >= MOST) {
                throw Refusal.of("too many concurrent sessions");
            }
            held.put(started.id, started);
            watch(started, window);
        } finally {
            lock.unlock();
        }
        return started.id;
    }

    /** Hears of a session. False if it has expired, never was, or is somebody else's: the three look alike. */
    boolean beat(String id, Holder holder) {
        lock.lock();
        try {
            Held found = held.get(id);
            if (found == null || !found.owner.equals(holder.owner())) {
                return false;
            }
            found.heard = time.nanos();
            found.peer = holder.peer();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a monitored call does to the sessions before anything else: it counts as a beat of the session it carries, and
     * makes it the last caller of the resource; without one it takes the resource's protection away.
     *
     * @param resource full name of an existing resource, or null when the call names none
     * @return the session it carries
     */
    @Nullable
    String monitored(Metadata headers, @Nullable String resource, Holder holder) {
        String sid = sidOf(headers);
        if (sid != null && !beat(sid, holder)) {
            throw new Refusal(Status.INVALID_ARGUMENT.withDescription(EXPIRED));
        }
        if (resource != null) {
            lock.lock();
            try {
                if (sid == null) {
                    lastCaller.remove(resource);
                } else {
                    lastCaller.put(resource, sid);
                }
            } finally {
                lock.unlock();
            }
        }
        return sid;
    }

    /** The session that was the last monitored caller of a resource. */
    Optional<String> protector(String fullName) {
        lock.lock();
        try {
            return Optional.ofNullable(lastCaller.get(fullName));
        } finally {
            lock.unlock();
        }
    }

    List<Listed> all() {
        lock.lock();
        try {
            return held.values().stream()
                    .map(one -> new Listed(one.id, text(one.peer), one.peer instanceof DataChannelAddress))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything without stopping anything: the process is gone. */
    void clear() {
        lock.lock();
        try {
            for (Held one : held.values()) {
                if (one.timer != null) {
                    one.timer.cancel();
                }
            }
            held.clear();
            lastCaller.clear();
            waiting.clear();
            stopping = false;
        } finally {
            lock.unlock();
        }
    }

    private static String text(@Nullable SocketAddress peer) {
        return switch (peer) {
            case InetSocketAddress address -> address.getAddress().getHostAddress() + ':' + address.getPort();
            case DataChannelAddress address -> address.toString();
            case null, default -> "";
        };
    }

    private static @Nullable String sidOf(Metadata headers) {
        Iterable<String> values = headers.getAll(SID);
        if (values == null) {
            return null;
        }
        Iterator<String> each = values.iterator();
        String first = each.next();
        if (each.hasNext()) {
            throw Refusal.of("found more than one session id in metadata");
        }
        String sid = Uuids.canonical(first);
        return sid.equals(NIL) ? null : sid;
    }

    // One timer per session, set anew only when it fires: beats are many and must stay cheap.
    @GuardedBy("lock")
    private void watch(Held session, Duration after) {
        session.timer = time.after(after, () -> look(session.id));
    }

    private void look(String id) {
        List<String> protectedByIt = new ArrayList<>();
        lock.lock();
        try {
            if (stopping) {
                waiting.add(() -> look(id));
                return;
            }
            Held found = held.get(id);
            if (found == null) {
                return;
            }
            Duration left = window.minus(time.since(found.heard));
            if (left.isPositive()) {
                watch(found, left);
                return;
            }
            held.remove(id);
            lastCaller.forEach((resource, sid) -> {
                if (sid.equals(id)) {
                    protectedByIt.add(resource);
                }
            });
            protectedByIt.forEach(lastCaller::remove);
            stopping = !protectedByIt.isEmpty();
        } finally {
            lock.unlock();
        }
        if (!protectedByIt.isEmpty()) {
            stop.accept(protectedByIt.iterator(), this::free);
        }
    }

    private void free() {
        List<Runnable> freed;
        lock.lock();
        try {
            stopping = false;
            freed = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        // One of them may find another session expired, and then the rest waits again.
        freed.forEach(this::whenFree);
    }
}
