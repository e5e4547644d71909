package dev.fleetgateway.uplink;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What listeners are told of the uplink: the newest, in order, one after the other, and never by whoever found it out. What was
 * overtaken before it could be told is left out, so that no more than one telling waits for another.
 */
final class News {

    private static final Logger log = LoggerFactory.getLogger(News.class);

    private final Supplier<Uplink> newest;
    private final Executor tellers;
    private final List<Consumer<Uplink>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean owed = new AtomicBoolean();

    /** Held by the one who tells; nobody who judges ever waits for it. */
    private final ReentrantLock telling = new ReentrantLock();

    @GuardedBy("telling")
    private @Nullable Uplink told;

    News(Supplier<Uplink> newest, Executor tellers) {
        this.newest = newest;
        this.tellers = tellers;
    }

    /** Tells the newest on the caller's thread, and all that comes after it later. */
    void listen(Consumer<Uplink> listener) {
        telling.lock();
        try {
            listeners.add(listener);
            listener.accept(newest.get());
        } finally {
            telling.unlock();
        }
    }

    /** There is something new. Returns at once. */
    void tell() {
        if (owed.compareAndSet(false, true)) {
            try {
                tellers.execute(this::tellNow);
            } catch (RuntimeException e) {
                owed.set(false);
                throw e;
            }
        }
    }

    private void tellNow() {
        telling.lock();
        try {
            // Before it is read: what comes later is owed anew.
            owed.set(false);
            Uplink news = newest.get();
            if (told != null && told.isLike(news)) {
                return;
            }
            told = news;
            listeners.forEach(listener -> tell(listener, news));
        } finally {
            telling.unlock();
        }
    }

    private static void tell(Consumer<Uplink> listener, Uplink news) {
        try {
            listener.accept(news);
        } catch (RuntimeException e) {
            log.error("One who listens to how the gateway's own way to the internet is failed", e);
        }
    }
}
