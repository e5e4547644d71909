package dev.fleetgateway.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a machine are read. One that its run did not end holds until that run ended, or until it was last known to be
 * alive where that is too long ago, and sooner where another run has seen more of the same since; in a run that is alive it lasts.
 */
final class Selection {

    private final StringBuilder sql = new StringBuilder(512);
    private final List<Object> arguments = new ArrayList<>();

    /**
     * A question.
     *
     * @param silent a run that is not known to have been alive since then is not believed beside another that is newer
     * @param lost nor at all since then
     */
    Selection(Run own, String machine, HistoryQuery query, Instant silent, Instant lost) {
        sql.append("""
                select * from (
                  select e.run, e.number, e.machine, e.part, e.state, e.via, e.transport, e.peer, e.holder, e.sequence, e.protection,
                    e.since, e.reason, e.owner, e.ended, r.ended as run_ended,
                    case when e.until is not null then e.until
                         when r.id = ? then null
                         when r.ended_at is not null then greatest(r.ended_at, e.since)
                         when r.alive_at < ? or (r.alive_at < ? and exists (
                           select 1 from history_entry n where n.machine = e.machine and n.part = e.part and n.run <> e.run
                             and n.since > r.alive_at)) then greatest(r.alive_at, e.since) end as held_until
                  from history_entry e join history_run r on r.id = e.run
                  where e.machine = ?""");
        arguments.addAll(List.of(own.id(), at(lost), at(silent), machine));
        if (query.part() != null) {
            and("e.part = ?", query.part().name());
        }
        if (query.until() != null) {
            and("e.since < ?", at(query.until()));
        }
        Entry.Place before = query.before();
        if (before != null) {
            and("e.since <= ?", at(before.since()));
            and("(e.since, e.number, e.run) < (?, ?, ?)", at(before.since()), before.number(), before.run());
        }
        sql.append(") held");
        if (query.since() != null) {
            sql.append(" where held_until is null or held_until > ?");
            arguments.add(at(query.since()));
        }
        sql.append(" order by since desc, number desc, run desc limit ").append(query.size() + 1);
    }

    String sql() {
        return sql.toString();
    }

    Object[] arguments() {
        return arguments.toArray();
    }

    Entry entry(ResultSet row) throws SQLException {
        Instant since = instant(row, "since");
        Instant until = row.getObject("held_until") == null ? null : instant(row, "held_until");
        long number = row.getLong("sequence");
        Long sequence = row.wasNull() ? null : Long.valueOf(number);
        Standing standing = new Standing(
                row.getString("state"),
                row.getString("via"),
                row.getString("transport"),
                row.getString("peer"),
                row.getString("holder"),
                sequence,
                row.getString("protection"));
        return new Entry(
                row.getString("run"),
                row.getLong("number"),
                row.getString("machine"),
                Part.valueOf(row.getString("part")),
                standing,
                since,
                until,
                until == null ? null : end(row.getString("ended"), row.getString("run_ended")),
                row.getString("reason"),
                row.getString("owner"));
    }

    private static End end(@Nullable String own, @Nullable String run) {
        return own != null ? End.valueOf(own) : run != null ? End.valueOf(run) : End.GATEWAY_LOST;
    }

    private void and(String condition, Object... values) {
        sql.append(" and ").append(condition);
        arguments.addAll(List.of(values));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime at(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
