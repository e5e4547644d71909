package dev.fleetgateway.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that is announced at all places, by name. Safe for use by many threads; listeners are told outside its lock. */
final class Sightings {

    /** Names at all places together; a machine has up to four at each. */
    static final int MOST_NAMES = 20_000;

    private static final Logger log = LoggerFactory.getLogger(Sightings.class);

    private static final Comparator<Sighting> NEWEST_FIRST =
            Comparator.comparing(Sighting::seenAt).reversed();

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    @GuardedBy("lock")
    private final Map<Heard, Place> places = new HashMap<>();

    @GuardedBy("lock")
    private final Map<String, Set<Announcement>> byKey = new HashMap<>();

    @GuardedBy("lock")
    private int names;

    @GuardedBy("lock")
    private boolean full;

    /** What is announced at one place. */
    private record Place(Map<String, Announcement> byName, Map<String, Set<Announcement>> byHost) {

        Place() {
            this(new HashMap<>(), new HashMap<>());
        }
    }

    void listen(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** From now on nobody is told of anything. */
    void hush() {
        listeners.clear();
    }

    /** From now on what is heard there counts. */
    void opened(Heard heard) {
        lock.lock();
        try {
            places.putIfAbsent(heard, new Place());
        } finally {
            lock.unlock();
        }
    }

    /** Something about a name was said at a place. What is no machine's name is passed over. */
    void changed(Heard heard, String text) {
        MachineName name = MachineName.parse(text).orElse(null);
        if (name == null) {
            return;
        }
        boolean changed = false;
        lock.lock();
        try {
            Place place = places.get(heard);
            if (place != null) {
                Announcement known = place.byName.get(name.text());
                if (known == null && heard.service(name.text()).isPresent()) {
                    known = announcement(place, heard, name);
                }
                changed = known != null && isNews(place, known);
            }
        } finally {
            lock.unlock();
        }
        if (changed) {
            tell(List.of(name.text()));
        }
    }

    /** An address of a host was said at a place. */
    void addressed(Heard heard, String host) {
        List<String> changed = new ArrayList<>();
        lock.lock();
        try {
            Place place = places.get(heard);
            if (place != null) {
                for (Announcement each : List.copyOf(place.byHost.getOrDefault(host, Set.of()))) {
                    if (isNews(place, each)) {
                        changed.add(each.name().text());
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        tell(changed);
    }

    /** A place has heard that a name is gone, or has not heard of it for too long. */
    void gone(Heard heard, String text) {
        Announcement gone = null;
        lock.lock();
        try {
            Place place = places.get(heard);
            if (place != null) {
                gone = place.byName.get(text.toLowerCase(Locale.ROOT));
                if (gone != null) {
                    remove(place, gone);
                }
            }
        } finally {
            lock.unlock();
        }
        if (gone != null) {
            tell(List.of(gone.name().text()));
        }
    }

    /** What was heard at a place does not count any more, nor does what is heard there from now on. */
    void closed(Heard heard) {
        List<String> gone = new ArrayList<>();
        lock.lock();
        try {
            Place place = places.remove(heard);
            if (place != null) {
                for (Announcement each : List.copyOf(place.byName.values())) {
                    remove(place, each);
                    gone.add(each.name().text());
                }
            }
        } finally {
            lock.unlock();
        }
        tell(gone);
    }

    /** Where a machine announces itself, each address once, the last confirmed first. */
    List<Sighting> of(MachineName name) {
        Map<Object, Sighting> found = new LinkedHashMap<>();
        lock.lock();
        try {
            for (Announcement each : List.copyOf(byKey.getOrDefault(name.key(), Set.of()))) {
                if (each.name().isOf(name)) {
                    collect(each, sighting -> found.merge(sighting.socket(), sighting, Sightings::newer));
                }
            }
        } finally {
            lock.unlock();
        }
        List<Sighting> sorted = new ArrayList<>(found.values());
        sorted.sort(NEWEST_FIRST);
        return List.copyOf(sorted);
    }

    /** Everything, ordered by name; an address heard at two networks is there for each. */
    List<Sighting> all() {
        Map<Object, Sighting> found = new HashMap<>();
        lock.lock();
        try {
            Collection<Announcement> announcements =
                    byKey.values().stream().flatMap(Set::stream).toList();
            for (Announcement each : announcements) {
                collect(
                        each,
                        sighting -> found.merge(
                                List.of(sighting.name(), sighting.socket(), sighting.network()),
                                sighting,
                                Sightings::newer));
            }
        } finally {
            lock.unlock();
        }
        List<Sighting> sorted = new ArrayList<>(found.values());
        sorted.sort(Comparator.comparing(Sighting::name).thenComparing(NEWEST_FIRST));
        return List.copyOf(sorted);
    }

    private static Sighting newer(Sighting one, Sighting other) {
        return one.seenAt().isBefore(other.seenAt()) ? other : one;
    }

    @GuardedBy("lock")
    private @Nullable Announcement announcement(Place place, Heard heard, MachineName name) {
        if (names >= MOST_NAMES) {
            if (!full) {
                log.warn(
                        "More than {} names are announced on the networks of this gateway; new ones are passed over."
                                + " gateway.discovery.interfaces says where to listen",
                        MOST_NAMES);
            }
            full = true;
            return null;
        }
        Announcement announcement = new Announcement(heard, name);
        place.byName.put(name.text(), announcement);
        byKey.computeIfAbsent(name.key(), _ -> new LinkedHashSet<>()).add(announcement);
        names++;
        return announcement;
    }

    // Who asked meanwhile may have brought it to light, and told nobody.
    @GuardedBy("lock")
    private boolean isNews(Place place, Announcement announcement) {
        refresh(place, announcement);
        return announcement.takeNews();
    }

    @GuardedBy("lock")
    private boolean refresh(Place place, Announcement announcement) {
        Heard.Service service =
                announcement.heard().service(announcement.name().text()).orElse(null);
        if (service == null) {
            // It has expired a moment ago, and the place is about to tell.
            return false;
        }
        announcement.hosts().forEach(host -> unlink(place.byHost, host, announcement));
        announcement.refresh(service);
        announcement
                .hosts()
                .forEach(host -> place.byHost
                        .computeIfAbsent(host, _ -> new LinkedHashSet<>())
                        .add(announcement));
        return true;
    }

    // What was only said again changed nothing, so nobody was told: its time is looked up when it is asked for.
    @GuardedBy("lock")
    private void collect(Announcement announcement, Consumer<Sighting> to) {
        Place place = places.get(announcement.heard());
        if (place != null && refresh(place, announcement)) {
            announcement.sightings(to);
        }
    }

    @GuardedBy("lock")
    private void remove(Place place, Announcement announcement) {
        place.byName.remove(announcement.name().text());
        announcement.hosts().forEach(host -> unlink(place.byHost, host, announcement));
        unlink(byKey, announcement.name().key(), announcement);
        names--;
        full = full && names > MOST_NAMES / 2;
    }

    private static void unlink(Map<String, Set<Announcement>> index, String key, Announcement announcement) {
        index.computeIfPresent(key, (_, all) -> {
            all.remove(announcement);
            return all.isEmpty() ? null : all;
        });
    }

    private void tell(List<String> names) {
        for (String name : names) {
            for (Consumer<String> listener : listeners) {
                try {
                    listener.accept(name);
                } catch (RuntimeException e) {
                    log.error("A listener failed to hear that {} was seen", name, e);
                }
            }
        }
    }
}
