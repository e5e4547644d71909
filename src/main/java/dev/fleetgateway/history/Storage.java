package dev.fleetgateway.history;

import java.time.Instant;

/**
 * Whether the history is kept over a restart.
 *
 * @param since since when that is so
 * @param waiting changes that wait to be written
 * @param dropped entries that will never be: too many waited
 */
public record Storage(State state, Instant since, String reason, int waiting, long dropped) {

    /** How it is with the database. */
    public enum State {
        /** What happens is in the database within seconds. */
        KEPT,
        /** There is no database: memory is all. */
        NOT_KEPT,
        /** The database is too slow for what happens, or for all who ask now. */
        BEHIND,
        /** The database does not answer, or takes nothing. What it holds may be missing here; what happens waits for it. */
        UNAVAILABLE
    }
}
