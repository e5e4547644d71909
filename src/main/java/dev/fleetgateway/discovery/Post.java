package dev.fleetgateway.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listening at one spot until it is closed: with one ear after the other, where one breaks. Opening and closing ears takes its
 * time, and is done on virtual threads.
 */
final class Post implements Heard, Ear.Listener {

    private static final Logger log = LoggerFactory.getLogger(Post.class);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    // The first question may be lost, and who is asked may have just begun.
    private static final List<Duration> BROWSE_AT =
            List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(3));

    private static final Duration BROWSE_EVERY = Duration.ofMinutes(10);

    private final Spot spot;
    private final Sightings sightings;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private boolean warned;

    private volatile @Nullable Ear ear;

    Post(Spot spot, Sightings sightings, Time time) {
        this.spot = spot;
        this.sightings = sightings;
        this.time = time;
    }

    /** Begins to listen, soon. */
    void open() {
        sightings.opened(this);
        Thread.startVirtualThread(this::listen);
    }

    /** Whether it listens now. */
    boolean isOpen() {
        return ear != null;
    }

    /** Asks for these names, if it listens. */
    void ask(List<String> names) {
        Ear now = ear;
        if (now != null) {
            now.ask(names);
        }
    }

    /** Ends for good. What is left to do is done in the background. */
    void close() {
        Ear last;
        lock.lock();
        try {
            closed = true;
            last = ear;
            ear = null;
        } finally {
            lock.unlock();
        }
        sightings.closed(this);
        if (last != null) {
            Thread.startVirtualThread(last::close);
        }
    }

    private void listen() {
        Ear opened;
        try {
            opened = new Ear(spot, this);
        } catch (IOException | RuntimeException e) {
            failed("Machines that announce themselves are not heard on " + spot + ": " + e.getMessage());
            return;
        }
        boolean late;
        lock.lock();
        try {
            late = closed;
            ear = late ? null : opened;
        } finally {
            lock.unlock();
        }
        if (late) {
            opened.close();
            return;
        }
        if (opened.isBroken()) {
            // It broke before it was known here, so that the news was passed over.
            broken(opened, "it broke at once");
            return;
        }
        log.info("Listening for machines that announce themselves on {}", spot);
        // What was heard before the ear was known here.
        opened.names().forEach(this::changed);
        for (Duration at : BROWSE_AT) {
            browseAfter(at, opened);
        }
        watch(opened);
    }

    private void browseAfter(Duration delay, Ear of) {
        var _ = time.after(
                delay,
                () -> Thread.startVirtualThread(() -> {
                    if (of.equals(ear)) {
                        of.browse();
                    }
                }));
    }

    // A library's thread that died of what it read leaves no trace but silence: not even the own question is heard.
    private void watch(Ear of) {
        var _ = time.after(
                BROWSE_EVERY,
                () -> Thread.startVirtualThread(() -> {
                    if (!of.equals(ear)) {
                        return;
                    }
                    if (of.hasHeard()) {
                        worked();
                        of.browse();
                        watch(of);
                    } else {
                        broken(of, "not even the own questions were heard");
                    }
                }));
    }

    @Override
    public void broken(Ear which, String reason) {
        lock.lock();
        try {
            if (closed || !which.equals(ear)) {
                return;
            }
            ear = null;
        } finally {
            lock.unlock();
        }
        sightings.closed(this);
        sightings.opened(this);
        failed("Listening on " + spot + " broke off: " + reason);
        Thread.startVirtualThread(which::close);
    }

    private void failed(String what) {
        boolean first;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            first = !warned;
            warned = true;
        } finally {
            lock.unlock();
        }
        if (first) {
            log.warn("{}. It is tried again every {} s", what, RETRY_AFTER.toSeconds());
        } else {
            log.debug("{}", what);
        }
        var _ = time.after(RETRY_AFTER, () -> Thread.startVirtualThread(this::listen));
    }

    // Only then is its next trouble news.
    private void worked() {
        lock.lock();
        try {
            warned = false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void changed(String name) {
        sightings.changed(this, name);
    }

    @Override
    public void addressed(String host) {
        sightings.addressed(this, host);
    }

    @Override
    public void gone(String name) {
        sightings.gone(this, name);
    }

    @Override
    public String network() {
        return spot.network();
    }

    @Override
    public boolean loopback() {
        return spot.address().isLoopbackAddress();
    }

    @Override
    public Optional<Service> service(String name) {
        Ear now = ear;
        return now == null ? Optional.empty() : now.service(name, time.now());
    }

    @Override
    public List<Address> addresses(String host) {
        Ear now = ear;
        return now == null ? List.of() : now.addresses(host, time.now());
    }
}
