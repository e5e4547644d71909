package dev.fleetgateway.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a machine's history, the newest first.
 *
 * @param next where the next page begins, null where this is the last
 * @param storage whether it is kept, and so whether anything may be missing
 */
public record HistoryPage(List<Entry> entries, Entry.@Nullable Place next, Storage storage) {

    /** Copies the list. */
    public HistoryPage {
        entries = List.copyOf(entries);
    }
}
