package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.status.FakeFleet;
import dev.fleetgateway.status.Pictures;
import dev.fleetgateway.status.StatusForTests;
import dev.fleetgateway.time.SystemTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real database does that is away, dies, hangs or is full. */
class PostgresIT {

    private final SystemTime time = new SystemTime();
    private final FakeFleet fleet = new FakeFleet(time);

    @TempDir
    private Path folder;

    private Postgres postgres;
    private History history = new History(time, new Run("none", "gateway-0", time.now()), Duration.ofDays(30), null);

    @BeforeEach
    void aFleet() throws IOException, InterruptedException {
        postgres = Postgres.in(folder);
        fleet.add("r1", Map.of());
        fleet.answers("r1");
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        history.stop();
        if (postgres != null) {
            postgres.close();
        }
        time.close();
    }

    @Test
    void absentAtTheStartDeadInBetweenAndThereAgain() throws Exception {
        history = start("first");
        await().untilAsserted(() -> assertState(Storage.State.UNAVAILABLE));
        fleet.loses("r1", "before there was a database");

        postgres.start();
        awaitKept();
        fleet.answers("r1");
        awaitKept();

        postgres.die();
        fleet.loses("r1", "while the database was dead");
        await().untilAsserted(() -> assertState(Storage.State.UNAVAILABLE));
        fleet.answers("r1");
        assertThat(reasons()).contains("while the database was dead", "before there was a database");

        postgres.start();
        awaitKept();
        history.stop();

        history = start("second");
        await().untilAsserted(() ->
                assertThat(reasons()).contains("while the database was dead", "before there was a database"));
        List<Entry> connection = page().entries().stream()
                .filter(entry -> entry.part() == Part.CONNECTION)
                .toList();
        assertThat(connection.getFirst().run()).isEqualTo("second");
        assertThat(connection.get(1).end()).isEqualTo(End.GATEWAY_STOPPED);
    }

    @Test
    void oneThatHangsIsGivenUpAndGoesOnWhereItWas() throws Exception {
        postgres.start();
        history = start("first");
        awaitKept();

        postgres.freeze();
        long began = System.nanoTime();
        fleet.loses("r1", "while the database hung");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertState(Storage.State.BEHIND));
        assertThat(reasons()).contains("while the database hung");
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertState(Storage.State.UNAVAILABLE));

        postgres.thaw();
        awaitKept();
    }

    @Test
    void oneThatIsFullIsToldAndGetsWhatWaitedWhenThereIsRoom() throws Exception {
        postgres.start();
        history = start("first");
        awaitKept();

        postgres.execute("""
                create function full_disk() returns trigger language plpgsql as
                  $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
                create trigger full_disk before insert on history_entry execute function full_disk()""");
        fleet.loses("r1", "while the disk was full");
        await().untilAsserted(() -> assertThat(page().storage().reason()).contains("No space left on device"));
        assertThat(page().storage().dropped()).isZero();
        // What it holds can be read all the same: it is asked where memory is not enough.
        assertThat(history.page("r1", new HistoryQuery(null, null, null, null, 1))
                        .entries())
                .hasSize(1);
        assertThat(reasons()).contains("while the disk was full");

        postgres.execute("drop trigger full_disk on history_entry");
        awaitKept();
    }

    private History start(String run) {
        History fresh = new History(
                time,
                new Run(run, "gateway-0", time.now()),
                Duration.ofDays(30),
                JdbcStore.named(postgres.settings(), Bounds.NAMED));
        Pictures pictures = StatusForTests.pictures(time, run, fleet, Map.of());
        fresh.start(pictures);
        return fresh;
    }

    private void awaitKept() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertState(Storage.State.KEPT);
            assertThat(history.storage().waiting()).isZero();
        });
    }

    private void assertState(Storage.State state) {
        assertThat(history.storage().state()).as(history.storage().reason()).isEqualTo(state);
    }

    private HistoryPage page() {
        return history.page("r1", new HistoryQuery(null, null, null, null, 100));
    }

    private List<String> reasons() {
        return page().entries().stream().map(Entry::reason).toList();
    }
}
