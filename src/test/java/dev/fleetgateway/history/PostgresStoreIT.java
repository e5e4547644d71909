package dev.fleetgateway.history;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class PostgresStoreIT extends StoreTests {

    private static Postgres postgres;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException, InterruptedException {
        postgres = Postgres.in(folder);
        postgres.start();
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        if (postgres != null) {
            postgres.close();
        }
    }

    @BeforeEach
    void empty() throws SQLException {
        // As in a database that others use, too.
        postgres.execute("drop schema public cascade; create schema public; create table of_others (id int)");
    }

    @Override
    Store connect(Bounds bounds) {
        return JdbcStore.named(postgres.settings(), bounds);
    }
}
