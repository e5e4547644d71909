package dev.fleetgateway.history;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One part of a machine stood so from one moment to another. Never changed: what ended is another entry in its place.
 *
 * @param run which life of which gateway saw it
 * @param number its number there; the later it was seen, the higher
 * @param until null while it lasts; never before {@code since}
 * @param end null while it lasts
 * @param reason why it came to be so
 * @param owner the replica that watched
 */
public record Entry(
        String run,
        long number,
        String machine,
        Part part,
        Standing standing,
        Instant since,
        @Nullable Instant until,
        @Nullable End end,
        String reason,
        String owner) {

    static final Comparator<Entry> NEWEST_FIRST = Comparator.comparing(Entry::place, Comparator.reverseOrder());

    /** Refuses what ends before it begins. */
    public Entry {
        if ((until == null) != (end == null) || (until != null && until.isBefore(since))) {
            throw new IllegalArgumentException("An entry from " + since + " cannot end at " + until + " by " + end);
        }
    }

    /** The same, ended. A clock that was set back does not make it end before it began. */
    Entry ended(Instant at, End by) {
        return new Entry(
                run, number, machine, part, standing, since, at.isBefore(since) ? since : at, by, reason, owner);
    }

    boolean lasts() {
        return until == null;
    }

    /** Where it is in the order of the history. */
    public Place place() {
        return new Place(since, number, run);
    }

    /** A place in the order of the history. */
    public record Place(Instant since, long number, String run) implements Comparable<Place> {

        private static final Comparator<Place> OLDEST_FIRST = Comparator.comparing(Place::since)
                .thenComparingLong(Place::number)
                .thenComparing(Place::run);

        @Override
        public int compareTo(Place other) {
            return OLDEST_FIRST.compare(this, other);
        }
    }
}
