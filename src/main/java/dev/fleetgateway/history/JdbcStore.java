package dev.fleetgateway.history;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The history in a database, H2 or PostgreSQL, by the same SQL. Safe for use by many threads. */
final class JdbcStore implements Store {

    // A gateway writes that it is there every few seconds; clocks of two may differ.
    private static final Duration LOST_AFTER = Duration.ofMinutes(1);

    // Three beats: where another has seen more since, that is enough to say that it does not last.
    private static final Duration SILENT_AFTER = Writer.BEAT.multipliedBy(3);

    private static final String ADD = """
            insert into history_entry (run, number, machine, part, state, via, transport, peer, holder, sequence, protection,
              since, until, ended, reason, owner)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""";

    // Also what was added just now: whether it was there already is not known after a failure.
    private static final String END = "update history_entry set until = ?, ended = ? where run = ? and number = ?";

    private final HikariConfig config;
    private final @Nullable Path folder;
    private final Purge purge;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Database open;

    private record Database(HikariDataSource pool, JdbcTemplate jdbc, TransactionTemplate transaction) {}

    private JdbcStore(HikariConfig config, @Nullable Path folder, Bounds bounds) {
        this.config = config;
        this.folder = folder;
        this.purge = new Purge(bounds);
    }

    /** One embedded in this process, its file in that folder. */
    static JdbcStore embedded(Path folder, Bounds bounds) {
        return new JdbcStore(Pool.embedded(folder), folder, bounds);
    }

    /** One that runs elsewhere. */
    static JdbcStore named(NamedDatabase database, Bounds bounds) {
        return new JdbcStore(Pool.named(database), null, bounds);
    }

    @Override
    public void open(Run run) {
        if (folder != null) {
            // An embedded database that could not write once, its disk being full, cannot be used before it was closed.
            close();
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new UncheckedIOException("the folder " + folder + " cannot be made", e);
            }
        }
        Database database = database();
        Flyway.configure()
                .dataSource(database.pool())
                .locations("classpath:db/migration")
                // A database that others use, too, is not empty.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .lockRetryCount(5)
                .load()
                .migrate();
        database.transaction().executeWithoutResult(_ -> {
            lost(database.jdbc(), run);
            register(database.jdbc(), run);
        });
    }

    // Whoever has the file of an embedded database is alone with it: all others are gone. Elsewhere it is known only of
    // one with the same name, which in a Deployment no other has.
    private void lost(JdbcTemplate jdbc, Run run) {
        jdbc.update(
                "update history_run set ended_at = alive_at, ended = ?"
                        + " where ended_at is null and id <> ? and (replica = ? or ?)",
                End.GATEWAY_LOST.name(),
                run.id(),
                run.replica(),
                folder != null);
    }

    private static void register(JdbcTemplate jdbc, Run run) {
        jdbc.update(
                "insert into history_run (id, replica, started_at, alive_at) values (?, ?, ?, ?) on conflict do nothing",
                run.id(),
                run.replica(),
                at(run.startedAt()),
                at(run.startedAt()));
    }

    @Override
    public void write(Run run, List<Entry> entries, @Nullable Instant through) {
        Database database = database();
        JdbcTemplate jdbc = database.jdbc();
        database.transaction().executeWithoutResult(_ -> {
            if (!entries.isEmpty()) {
                jdbc.batchUpdate(ADD, entries, entries.size(), JdbcStore::set);
                List<Entry> ended =
                        entries.stream().filter(entry -> !entry.lasts()).toList();
                if (!ended.isEmpty()) {
                    jdbc.batchUpdate(END, ended, ended.size(), JdbcStore::setEnd);
                }
            }
            // A namesake that started meanwhile has taken this run for lost.
            if (through != null
                    && jdbc.update(
                                    "update history_run set alive_at = ?, ended_at = null, ended = null where id = ?",
                                    at(through),
                                    run.id())
                            == 0) {
                throw new TransientDataAccessResourceException("its tables are not what they were");
            }
        });
    }

    @Override
    public List<Entry> read(Run run, String machine, HistoryQuery query, Instant now) {
        Selection selection = new Selection(run, machine, query, now.minus(SILENT_AFTER), now.minus(LOST_AFTER));
        return database().jdbc().query(selection.sql(), (row, _) -> selection.entry(row), selection.arguments());
    }

    @Override
    public boolean purge(Run run, Instant now, Instant before) {
        return purge.step(database().jdbc(), run, before, now.minus(LOST_AFTER));
    }

    @Override
    public void end(Run run, Instant at) {
        database()
                .jdbc()
                .update(
                        "update history_run set alive_at = ?, ended_at = ?, ended = ? where id = ?",
                        at(at),
                        at(at),
                        End.GATEWAY_STOPPED.name(),
                        run.id());
    }

    @Override
    public void close() {
        Database last;
        lock.lock();
        try {
            last = open;
            open = null;
        } finally {
            lock.unlock();
        }
        if (last == null) {
            return;
        }
        try (HikariDataSource pool = last.pool()) {
            if (folder != null && pool.getHikariPoolMXBean().getTotalConnections() > 0) {
                last.jdbc().execute("shutdown");
            }
        } catch (DataAccessException e) {
            // It was not open, or is gone already.
        }
    }

    private Database database() {
        lock.lock();
        try {
            Database known = open;
            if (known == null) {
                HikariDataSource pool = new HikariDataSource(config);
                JdbcTemplate jdbc = new JdbcTemplate(pool);
                jdbc.setQueryTimeout((int) Pool.QUERY.toSeconds());
                known = new Database(pool, jdbc, new TransactionTemplate(new DataSourceTransactionManager(pool)));
                open = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private static void set(PreparedStatement statement, Entry entry) throws SQLException {
        Standing standing = entry.standing();
        statement.setString(1, entry.run());
        statement.setLong(2, entry.number());
        statement.setString(3, entry.machine());
        statement.setString(4, entry.part().name());
        statement.setString(5, standing.state());
        statement.setString(6, standing.via());
        statement.setString(7, standing.transport());
        statement.setString(8, standing.peer());
        statement.setString(9, standing.holder());
        statement.setObject(10, standing.sequence(), Types.BIGINT);
        statement.setString(11, standing.protection());
        statement.setObject(12, at(entry.since()));
        setEnd(statement, 13, entry);
        statement.setString(15, entry.reason());
        statement.setString(16, entry.owner());
    }

    private static void setEnd(PreparedStatement statement, Entry entry) throws SQLException {
        setEnd(statement, 1, entry);
        statement.setString(3, entry.run());
        statement.setLong(4, entry.number());
    }

    private static void setEnd(PreparedStatement statement, int at, Entry entry) throws SQLException {
        Instant until = entry.until();
        End end = entry.end();
        statement.setObject(at, until == null ? null : at(until), Types.TIMESTAMP_WITH_TIMEZONE);
        statement.setString(at + 1, end == null ? null : end.name());
    }

    private static OffsetDateTime at(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}
