package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

    @Test
    void anotherReplicaThatIsAliveIsBelievedAndOneThatIsSilentIsNot() {
        Run other = new Run("other", "gateway-1", START);
        try (Store store = connect()) {
            store.open(other);
            store.write(other, List.of(entry(other, 1, Part.CONNECTION, Standing.of("READY"), 1, null)), at(30));
            store.open(SECOND);

            assertThat(store.read(SECOND, "r1", all(), at(50)).getFirst().lasts())
                    .isTrue();
            assertThat(store.read(SECOND, "r1", all(), at(200)).stream().map(TrackTests::text))
                    .containsExactly("READY 1-30 GATEWAY_LOST");
        }
    }

    @Test
    void twoThatAreAliveMaySeeTheSameMachine() {
        Run other = new Run("other", "gateway-1", START);
        try (Store store = connect()) {
            store.open(other);
            store.open(SECOND);
            store.write(other, List.of(entry(other, 1, Part.CONNECTION, Standing.of("READY"), 1, null)), at(130));
            store.write(SECOND, List.of(entry(SECOND, 1, Part.CONNECTION, Standing.of("READY"), 135, null)), at(140));

            assertThat(store.read(SECOND, "r1", all(), at(150))).allMatch(Entry::lasts);
            // Silent for three beats, and another has seen it since.
            assertThat(store.read(SECOND, "r1", all(), at(161)).stream().map(TrackTests::text))
                    .containsExactly("READY 135-", "READY 1-130 GATEWAY_LOST");
        }
    }

    @Override
    Store connect(Bounds bounds) {
        return JdbcStore.named(postgres.settings(), bounds);
    }
}
