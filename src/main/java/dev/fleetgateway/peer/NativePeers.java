package dev.fleetgateway.peer;

import dev.fleetgateway.time.Time;
import dev.onvoid.webrtc.PortAllocatorConfig;
import dev.onvoid.webrtc.RTCConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Peers by webrtc-java. A load that failed is not tried again, since the JVM does not do it twice.
 *
 * <p>The library keeps a little of every message that comes in: its peers are made on one {@link Generation} after another, so that
 * what is kept can be let go.
 */
@Component
public final class NativePeers implements Peers, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NativePeers.class);

    private static final String INSTALL =
            "libpulse0 libx11-6 libxfixes3 libxrandr2 libxcomposite1 libdbus-1-3 libudev1";

    private static final ThreadFactory CLOSERS =
            Thread.ofPlatform().daemon().name("peer-close").factory();
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);
    private static final int MOST_CLOSING = 4096;

    /** What a generation may keep: that part of the heap. */
    private static final int PART_OF_HEAP = 16;

    private final Time time;
    private final boolean freeing;
    // Away from the library's own threads, which a close waits for. Beyond the bound each has its own thread.
    private final ThreadPoolExecutor closing = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_CLOSING),
            CLOSERS,
            (task, _) -> CLOSERS.newThread(task).start());
    private final Generations generations;
    private volatile @Nullable PeersUnavailableException unavailable;

    /** Loads nothing yet. Frees what the library forgets. */
    @Autowired
    public NativePeers(Time time) {
        this(time, true);
    }

    /**
     * Loads nothing yet.
     *
     * @param freeing whether what the library forgets to free with each connection is freed behind its back
     */
    public NativePeers(Time time, boolean freeing) {
        this(time, freeing, Runtime.getRuntime().maxMemory() / PART_OF_HEAP / Generation.KEPT);
    }

    /**
     * Loads nothing yet.
     *
     * @param wear how many messages a generation takes before it is worn
     */
    NativePeers(Time time, boolean freeing, long wear) {
        this.time = time;
        this.freeing = freeing;
        this.generations = new Generations(this::load, wear);
        closing.allowCoreThreadTimeOut(true);
    }

    @Override
    public Peer open(List<IceServer> iceServers, Peer.Listener listener) {
        Generation generation = generations.join();
        boolean made = false;
        try {
            Peer peer = new NativePeer(
                    generation,
                    configuration(iceServers),
                    listener,
                    time,
                    release -> finish(generation, release),
                    freeing);
            made = true;
            return peer;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error e) {
            // The library says so what it cannot do; whoever dials should not have to know.
            throw new IllegalStateException("The WebRTC library made no connection: " + e.getMessage(), e);
        } finally {
            if (!made) {
                closing.execute(() -> generations.leave(generation));
            }
        }
    }

    private void finish(Generation generation, Runnable release) {
        closing.execute(() -> {
            try {
                release.run();
            } catch (RuntimeException | Error e) {
                // Its generation stays for good: what is not closed must not lose its factory.
                log.warn("A WebRTC connection did not close cleanly", e);
                return;
            }
            generations.leave(generation);
        });
    }

    private Generation.Factory load() {
        PeersUnavailableException missing = unavailable;
        if (missing != null) {
            throw missing;
        }
        try {
            return Generation.Factory.load();
        } catch (LinkageError | RuntimeException e) {
            PeersUnavailableException failure = new PeersUnavailableException(
                    "The WebRTC library cannot be loaded on this host (%s). Install %s (it needs glibc, and a writable %s)."
                            .formatted(reason(e), INSTALL, System.getProperty("java.io.tmpdir")),
                    e);
            unavailable = failure;
            throw failure;
        }
    }

    private static String reason(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first.getMessage() == null ? first.getClass().getSimpleName() : first.getMessage();
    }

    /**
     * Waits for the peers that are closing, for 2 s at most, and lets the library's threads go, which would keep the JVM from
     * ending. They stay where a peer is still open.
     */
    @Override
    public void close() {
        generations.close();
        closing.shutdown();
        try {
            if (!closing.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("WebRTC connections were still closing after {} s", LONGEST_CLOSE.toSeconds());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Generations whose factories are not disposed. */
    int generations() {
        return generations.alive();
    }

    private static RTCConfiguration configuration(List<IceServer> iceServers) {
        RTCConfiguration configuration = new RTCConfiguration();
        // A candidate over TCP comes 100 ms after the others, and a viam-server takes none.
        configuration.portAllocatorConfig = new PortAllocatorConfig().setDisableTcp(true);
        configuration.iceServers.addAll(UsableServers.of(iceServers));
        return configuration;
    }
}
