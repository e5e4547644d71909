package dev.fleetgateway.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.time.Time;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Discovery by multicast DNS, on the interfaces that are up and meant, as they come and go. */
public final class MulticastDiscovery implements Discovery, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MulticastDiscovery.class);

    private final List<String> named;
    private final Networks networks;
    private final Time time;
    private final Sightings sightings = new Sightings();
    private final SeekRate rate;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Spot, Post> posts = new HashMap<>();

    @GuardedBy("lock")
    private final Set<String> missed = new HashSet<>();

    @GuardedBy("lock")
    private boolean closed;

    /** Begins to listen, in the background. */
    public MulticastDiscovery(DiscoverySettings settings, Networks networks, Time time) {
        this.named = settings.interfaces();
        this.networks = networks;
        this.time = time;
        this.rate = new SeekRate(time);
        networks.listen(this::follow);
        follow();
    }

    @Override
    public List<Sighting> of(String name) {
        return MachineName.parse(name).map(sightings::of).orElse(List.of());
    }

    @Override
    public List<Sighting> all() {
        return sightings.all();
    }

    @Override
    public void seek(String name) {
        MachineName.parse(name).filter(known -> rate.permits(known.key())).ifPresent(known -> {
            List<Post> all;
            lock.lock();
            try {
                all = List.copyOf(posts.values());
            } finally {
                lock.unlock();
            }
            List<String> forms = known.forms();
            Thread.startVirtualThread(() -> all.forEach(post -> post.ask(forms)));
        });
    }

    @Override
    public void listen(Consumer<String> listener) {
        sightings.listen(listener);
    }

    // Posts are where the interfaces are.
    private void follow() {
        List<Post> come = new ArrayList<>();
        List<Post> gone = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Set<Spot> spots = Spot.among(networks.interfaces(), named);
            posts.entrySet().removeIf(entry -> {
                boolean left = !spots.contains(entry.getKey());
                if (left) {
                    gone.add(entry.getValue());
                }
                return left;
            });
            for (Spot spot : spots) {
                posts.computeIfAbsent(spot, _ -> {
                    Post post = new Post(spot, sightings, time);
                    come.add(post);
                    return post;
                });
            }
            List<String> absent = Spot.missing(spots, named);
            missed.retainAll(absent);
            for (String name : absent) {
                if (missed.add(name)) {
                    missing.add(name);
                }
            }
        } finally {
            lock.unlock();
        }
        missing.forEach(name -> log.warn(
                "gateway.discovery.interfaces names {}, but no such interface is up with an IPv4 address; it is used when"
                        + " there is one",
                name));
        gone.forEach(Post::close);
        come.forEach(Post::open);
    }

    /** Ends listening. What takes its time is left to threads in the background. */
    @Override
    public void close() {
        List<Post> all;
        lock.lock();
        try {
            closed = true;
            all = List.copyOf(posts.values());
            posts.clear();
        } finally {
            lock.unlock();
        }
        sightings.hush();
        all.forEach(Post::close);
    }
}
