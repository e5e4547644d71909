package dev.fleetgateway.history;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Takes out of the database what is too old or too much, a little at a time, so that it never holds up what is to be written. First what is
 * too old; then it goes from machine to machine and counts; and once more, where the whole is too much, to take out what is beyond an
 * equal share. Of the writing thread alone.
 */
final class Purge {

    private static final int ROWS = 1_000;

    // Of one step, but for the last machine of it.
    private static final int MOST_ROWS = 10_000;
    private static final int MOST_MACHINES = 200;

    // What a run left open that is gone has ended, too: else a gateway that is restarted again and again would fill the
    // database.
    private static final String ENDED = "(until is not null or run <> ? and run in"
            + " (select id from history_run where ended_at is not null or alive_at < ?))";

    private final Bounds bounds;
    private Census census;

    /** What each machine may keep of a part, where that is less than the bound of one. Empty while it goes round for the first time. */
    private Map<Part, Integer> shares = Map.of();

    /** Up to here, by name, all machines have been looked at. */
    private String through = "";

    private record Key(String run, long number) {}

    Purge(Bounds bounds) {
        this.bounds = bounds;
        this.census = new Census(bounds);
    }

    /**
     * One step.
     *
     * @param own the run whose entries last, whatever is known of others
     * @param before what ended before this moment is too old
     * @param lost a run that is not known to have been alive since this moment is gone
     * @return whether there is more to do
     */
    boolean step(JdbcTemplate jdbc, Run own, Instant before, Instant lost) {
        if (tooOld(jdbc, own, before)) {
            return true;
        }
        int rows = 0;
        for (int looked = 0; looked < MOST_MACHINES && rows < MOST_ROWS; looked++) {
            Optional<String> machine = next(jdbc);
            if (machine.isEmpty()) {
                return round(jdbc, own, before);
            }
            rows += tooMuch(jdbc, machine.get(), own, lost);
            through = machine.get();
        }
        return true;
    }

    // A clock that jumped forward may show the own run as one that has been silent for long.
    private static boolean tooOld(JdbcTemplate jdbc, Run own, Instant before) {
        int ended = remove(jdbc, "until < ?", 0, at(before));
        int left = remove(
                jdbc,
                "until is null and run <> ? and run in (select id from history_run where coalesce(ended_at, alive_at) < ?)",
                0,
                own.id(),
                at(before));
        return ended == ROWS || left == ROWS;
    }

    private Optional<String> next(JdbcTemplate jdbc) {
        List<String> next = jdbc.query(
                "select machine from history_entry where machine > ? order by machine limit 1",
                (row, _) -> row.getString("machine"),
                through);
        return next.stream().findFirst();
    }

    private int tooMuch(JdbcTemplate jdbc, String machine, Run own, Instant lost) {
        Map<Part, Integer> found = new EnumMap<>(Part.class);
        jdbc.query(
                "select part, count(*) from history_entry where machine = ? and " + ENDED + " group by part",
                row -> {
                    found.put(Part.valueOf(row.getString(1)), row.getInt(2));
                },
                machine,
                own.id(),
                at(lost));
        int rows = 0;
        for (Map.Entry<Part, Integer> one : found.entrySet()) {
            Part part = one.getKey();
            census.count(part, one.getValue());
            int most = shares.getOrDefault(part, bounds.ofOne());
            for (int beyond = one.getValue() - most; beyond > 0; beyond -= ROWS) {
                rows += remove(
                        jdbc,
                        "machine = ? and part = ? and " + ENDED + " order by since desc, number desc, run desc",
                        most,
                        machine,
                        part.name(),
                        own.id(),
                        at(lost));
            }
        }
        return rows;
    }

    /** All machines have been looked at. */
    private boolean round(JdbcTemplate jdbc, Run own, Instant before) {
        jdbc.update(
                "delete from history_run where id <> ? and coalesce(ended_at, alive_at) < ?"
                        + " and not exists (select 1 from history_entry where run = history_run.id)",
                own.id(),
                at(before));
        shares = shares.isEmpty() ? census.shares() : Map.of();
        census = new Census(bounds);
        through = "";
        return !shares.isEmpty();
    }

    // By key: one large statement would ask both databases too much.
    private static int remove(JdbcTemplate jdbc, String which, int beyond, Object... arguments) {
        List<Key> keys = jdbc.query(
                "select run, number from history_entry where " + which + " limit " + ROWS + " offset " + beyond,
                (row, _) -> new Key(row.getString("run"), row.getLong("number")),
                arguments);
        if (!keys.isEmpty()) {
            jdbc.batchUpdate("delete from history_entry where run = ? and number = ?", keys, ROWS, (statement, key) -> {
                statement.setString(1, key.run());
                statement.setLong(2, key.number());
            });
        }
        return keys.size();
    }

    private static OffsetDateTime at(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
