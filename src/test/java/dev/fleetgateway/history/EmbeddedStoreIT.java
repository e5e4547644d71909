package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreIT extends StoreTests {

    @TempDir
    private Path folder;

    @Override
    Store connect() {
        return JdbcStore.embedded(folder.resolve("deep/er"));
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
