package dev.fleetgateway.history;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where entries outlive the gateway. Everything here may take seconds, and may fail with any {@link RuntimeException}. */
interface Store extends AutoCloseable {

    /** Makes it ready for the entries of a run. May be done again, also after it succeeded. */
    void open(Run run);

    /**
     * Takes all of the entries or none, those it has in place of what it has.
     *
     * @param through everything that happened to this moment is in the store then; null if that is not so
     */
    void write(Run run, List<Entry> entries, @Nullable Instant through);

    /** Entries as asked for, the newest first: one more than a page, where there are as many. */
    List<Entry> read(Run run, String machine, HistoryQuery query, Instant now);

    /**
     * Takes out some of what is too old or too much.
     *
     * @param run the one that asks
     * @param before what ended before this moment is too old
     * @return whether there is more to do
     */
    boolean purge(Run run, Instant now, Instant before);

    /** The run ends in order, at this moment. */
    void end(Run run, Instant at);

    /** Lets go of everything. */
    @Override
    void close();
}
