package dev.fleetgateway.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a machine's history. What is null is not asked for.
 *
 * @param since only what held at that moment or later
 * @param until only what held before that moment
 * @param before where the page before ended
 * @param size entries on a page
 */
public record HistoryQuery(
        @Nullable Part part,
        @Nullable Instant since,
        @Nullable Instant until,
        Entry.@Nullable Place before,
        int size) {

    boolean asksFor(Entry entry) {
        return (part == null || entry.part() == part)
                && (since == null || entry.until() == null || entry.until().isAfter(since))
                && (until == null || entry.since().isBefore(until))
                && (before == null || entry.place().compareTo(before) < 0);
    }

    /** The same, and nothing that ended before a moment. */
    HistoryQuery notBefore(Instant moment) {
        return since == null || since.isBefore(moment) ? new HistoryQuery(part, moment, until, before, size) : this;
    }
}
