package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The embedded database on a disk of 24 MB, which takes root to make: run by {@code src/test/sh/full-disk}, which makes one. */
class FullDisk {

    @Test
    void aDiskThatIsFullIsToldAndGoneOnWithWhenThereIsRoom() throws Exception {
        Path disk = Path.of(System.getProperty("full-disk.folder", ""));
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
}
