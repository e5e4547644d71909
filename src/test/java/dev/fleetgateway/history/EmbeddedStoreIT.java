package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
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
    void aDiskThatIsFullIsToldAndGoneOnWithWhenThereIsRoom() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        Needs.that(
                mount("mount", "-t", "tmpfs", "-o", "size=24m", "none", disk.toString()),
                "a small disk cannot be mounted: that takes root and CAP_SYS_ADMIN");
        try (Store store = JdbcStore.embedded(disk, Bounds.EMBEDDED)) {
            Path other = Files.write(disk.resolve("other"), new byte[10 << 20]);
            Run run = new Run("run", "gateway-0", Instant.parse("2030-01-01T00:00:00Z"));
            AtomicInteger written = new AtomicInteger();
            // As the gateway tries: over and over, each time from the beginning.
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> {
                            store.open(run);
                            while (written.get() < 1_000) {
                                store.write(run, batch(run, written.get()), null);
                                written.incrementAndGet();
                            }
                        })
                        .hasStackTraceContaining("No space left on device");
            }
            Files.delete(other);
            store.open(run);
            store.write(run, batch(run, written.get()), null);
            assertThat(store.read(run, "r1", new HistoryQuery(null, null, null, null, 9), run.startedAt()))
                    .hasSize(10);
        } finally {
            assertThat(mount("umount", disk.toString())).isTrue();
        }
    }

    private static List<Entry> batch(Run run, int number) {
        return IntStream.range(number * 500, number * 500 + 500)
                .mapToObj(i -> new Entry(
                        run.id(),
                        i,
                        "r1",
                        Part.CONNECTION,
                        Standing.of("READY"),
                        run.startedAt().plusSeconds(i),
                        run.startedAt().plusSeconds(i + 1),
                        End.CHANGED,
                        "it answers, and this is as long as reasons are wont to be",
                        run.replica()))
                .toList();
    }

    private static boolean mount(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
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
