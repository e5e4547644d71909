package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreIT extends StoreTests {

    @TempDir
    private Path folder;

    @Override
    Store connect(Bounds bounds) {
        return JdbcStore.embedded(folder.resolve("deep/er"), bounds);
    }

    @Test
    void whatAGatewayWroteThatIsKilledIsThereWithinASecond() {
        Instant start = Instant.parse("2030-01-01T00:00:00Z");
        Run killed = new Run("killed", "gateway-0", start);
        Run next = new Run("next", "gateway-0", start.plusSeconds(60));
        try (Store store = connect()) {
            store.open(killed);
            Entry ready =
                    new Entry("killed", 1, "r1", Part.ROUTE, Standing.of("LAN"), start, null, null, "", "gateway-0");
            store.write(killed, List.of(ready), start.plusSeconds(7));
            // What a copy of its file shows is what the next gateway finds.
            AtomicInteger copies = new AtomicInteger();
            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
                Path copy = Files.createDirectories(folder.resolve("copy-" + copies.incrementAndGet()));
                Files.copy(folder.resolve("deep/er/history.mv.db"), copy.resolve("history.mv.db"));
                try (Store found = JdbcStore.embedded(copy, Bounds.EMBEDDED)) {
                    found.open(next);
                    assertThat(found.read(next, "r1", new HistoryQuery(null, null, null, null, 9), next.startedAt()))
                            .containsExactly(ready.ended(start.plusSeconds(7), End.GATEWAY_LOST));
                }
            });
        }
    }

    @Test
    void whoHasItsFileKnowsThatEveryOtherIsGoneWhateverItsName() {
        Instant start = Instant.parse("2030-01-01T00:00:00Z");
        Run killed = new Run("killed", "gateway-7d9f-x2x4z", start);
        Run next = new Run("next", "gateway-7d9f-k8s9q", start.plusSeconds(8));
        Entry ready =
                new Entry("killed", 1, "r1", Part.ROUTE, Standing.of("LAN"), start, null, null, "", "gateway-7d9f");
        try (Store store = connect()) {
            store.open(killed);
            store.write(killed, List.of(ready), start.plusSeconds(7));
            store.open(next);

            assertThat(store.read(next, "r1", new HistoryQuery(null, null, null, null, 9), next.startedAt()))
                    .containsExactly(ready.ended(start.plusSeconds(7), End.GATEWAY_LOST));
        }
    }

    @Test
    void theDatabaseIsOneFileAndIsLetGoOf() {
        try (Store store = connect()) {
            store.open(new Run("run", "gateway-0", Instant.EPOCH));
        }
        assertThat(folder.resolve("deep/er/history.mv.db")).exists();
        try (Store again = connect()) {
            again.open(new Run("again", "gateway-0", Instant.EPOCH));
        }
    }
}
