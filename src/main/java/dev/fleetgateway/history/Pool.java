package dev.fleetgateway.history;

import com.zaxxer.hikari.HikariConfig;
import java.nio.file.Path;
import java.time.Duration;

/** How the databases are spoken to: two connections, and a bound to every wait. Nothing here opens one. */
final class Pool {

    static final Duration QUERY = Duration.ofSeconds(10);

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private Pool() {}

    /** H2 in a folder, opened by this process alone. */
    static HikariConfig embedded(Path folder) {
        HikariConfig config = common();
        // In the other one's mode both read the same SQL. The pool opens and closes connections, the database stays
        // open until it
        // is told; a hook of its own would close it before the last is written.
        config.setJdbcUrl("jdbc:h2:file:" + folder.resolve("history")
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
                + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=5000;TRACE_LEVEL_FILE=0");
        config.setUsername("sa");
        config.setPassword("");
        return config;
    }

    /** The PostgreSQL that is named. */
    static HikariConfig named(NamedDatabase database) {
        HikariConfig config = common();
        config.setJdbcUrl(database.url());
        if (database.username() != null) {
            config.setUsername(database.username());
        }
        if (database.password() != null) {
            config.setPassword(database.password());
        }
        config.addDataSourceProperty("connectTimeout", seconds(CONNECT));
        config.addDataSourceProperty("loginTimeout", seconds(CONNECT));
        // Longer than a query may take, so that it is the server that ends a slow one.
        config.addDataSourceProperty("socketTimeout", seconds(QUERY.plus(CONNECT)));
        config.addDataSourceProperty("cancelSignalTimeout", seconds(CONNECT));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "fleet-gateway");
        return config;
    }

    private static HikariConfig common() {
        HikariConfig config = new HikariConfig();
        config.setPoolName("history");
        config.setMaximumPoolSize(2);
        // None is opened but for who needs it: the pool itself must not knock at a door that is shut.
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(CONNECT.toMillis());
        config.setValidationTimeout(CONNECT.toMillis() / 2);
        return config;
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.toSeconds());
    }
}
