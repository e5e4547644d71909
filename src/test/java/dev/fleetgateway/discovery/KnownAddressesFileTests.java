package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.time.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class KnownAddressesFileTests {

    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime();

    @Test
    void whatWasKeptIsThereAfterARestart() {
        Path file = folder.resolve("below").resolve("known.json");
        try (KnownAddressesFile known = open(file)) {
            known.keep("Rover.abc.viam.cloud", socket("10.0.0.7", 41_234));
            known.keep("arm", socket("fd00:1::7", 8080));
            known.keep("arm", socket("fd00:1::8", 8080));
        }
        try (KnownAddressesFile known = open(file)) {
            assertThat(known.of("rover.abc.viam.cloud")).contains(socket("10.0.0.7", 41_234));
            assertThat(known.of("ARM")).contains(socket("fd00:1::8", 8080));
            assertThat(known.of("other")).isEmpty();
        }
    }

    @Test
    void itIsWrittenOnceSomeTimeAfterAChangeAndNotForWhatIsKnown() throws Exception {
        Path file = folder.resolve("known.json");
        KnownAddressesFile known = open(file);
        known.keep("rover", socket("10.0.0.7", 41_234));
        known.keep("arm", socket("10.0.0.8", 41_234));
        assertThat(time.pendingTimers()).containsExactly(KnownAddressesFile.WRITE_AFTER);
        assertThat(file).doesNotExist();

        time.advance(KnownAddressesFile.WRITE_AFTER);
        await().until(() -> Files.exists(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }

        known.keep("rover", socket("10.0.0.7", 41_234));
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void whatIsNoNameOrNoAddressIsNotKept() {
        KnownAddressesFile known = open(null);
        known.keep("10.0.0.7", socket("10.0.0.7", 41_234));
        known.keep("a b", socket("10.0.0.7", 41_234));
        known.keep("rover", InetSocketAddress.createUnresolved("rover", 41_234));
        known.keep("rover", socket("10.0.0.7", 0));

        assertThat(known.of("rover")).isEmpty();
        assertThat(known.of("10.0.0.7")).isEmpty();
    }

    @Test
    void withoutAFileItIsKeptInMemory() {
        KnownAddressesFile known = open(null);
        known.keep("rover", socket("10.0.0.7", 41_234));

        assertThat(known.of("rover")).contains(socket("10.0.0.7", 41_234));
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void theOneKeptLongestAgoIsForgottenForANewOne() {
        KnownAddressesFile known = open(null);
        for (int i = 0; i < KnownAddressesFile.MOST; i++) {
            known.keep("rover-" + i + "-", socket("10.0.0.7", 1));
        }
        known.keep("rover-0-", socket("10.0.0.7", 1));
        known.keep("late", socket("10.0.0.7", 1));

        assertThat(known.of("rover-0-")).isPresent();
        assertThat(known.of("rover-1-")).isEmpty();
        assertThat(known.of("late")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"version\": 2, \"machines\": []}",
                "{\"version\": 1}",
                "{\"version\": 1, \"machines\": null}",
                "{\"version\": 1, \"machines\": [null]}",
                "{\"version\": 1, \"machines\": [{}]}",
                "{\"version\": 1, \"machines\": [{\"name\": \"rover\"}]}",
                "{\"version\": 1, \"machines\": [{\"name\": \"a b\", \"address\": \"10.0.0.7:1\"}]}",
                "{\"version\": 1, \"machines\": [{\"name\": \"rover\", \"address\": \"example.com:1\"}]}",
                "{\"version\": 1, \"machines\": [{\"name\": \"rover\", \"address\": \"10.0.0.7\"}]}",
                "{\"version\": 1, \"machines\": [{\"name\": \"rover\", \"address\": \"10.0.0.7:0\"}]}",
                "{\"version\": 1, \"machines\": [{\"name\": \"rover\", \"address\": \"10.0.0.7:99999\"}]}",
                "{\"version\": 1, \"machines\": [{\"name\": \"rover\", \"address\": \"[:1\"}]}",
                "{\"version\": 1, \"machines\": [], \"more\": 1}",
                "{\"version\": 1, \"machines\": []} {}"
            })
    void aFileThatIsNotWhatItShouldBeIsWarnedOfAndLearntAnew(String content, CapturedOutput output) throws Exception {
        Path file = Files.writeString(folder.resolve("known.json"), content);
        try (KnownAddressesFile known = open(file)) {
            assertThat(output.getOut()).containsOnlyOnce("cannot be read from " + file);
            assertThat(known.of("rover")).isEmpty();
            known.keep("rover", socket("10.0.0.7", 41_234));
        }
        assertThat(open(file).of("rover")).isPresent();
    }

    @Test
    void aFileThatIsNotThereYetIsNoTrouble(CapturedOutput output) {
        assertThat(open(folder.resolve("known.json")).of("rover")).isEmpty();
        assertThat(output.getOut()).doesNotContain("cannot be read");
    }

    @Test
    void aFileThatCannotBeWrittenIsWarnedOfOnceAndMemoryServes(CapturedOutput output) throws IOException {
        Path file = Files.createFile(folder.resolve("no-folder")).resolve("known.json");
        KnownAddressesFile known = open(file);
        for (int port = 1; port <= 3; port++) {
            known.keep("rover", socket("10.0.0.7", port));
            known.close();
        }
        assertThat(output.getOut()).containsOnlyOnce("cannot be written to " + file);
        assertThat(known.of("rover")).contains(socket("10.0.0.7", 3));
    }

    @Test
    void aFolderInItsPlaceIsNoEnd(CapturedOutput output) throws IOException {
        KnownAddressesFile known =
                open(Files.createDirectories(folder.resolve("known.json").resolve("x"))
                        .getParent());
        known.keep("rover", socket("10.0.0.7", 1));
        known.close();
        assertThat(output.getOut()).contains("cannot be read", "cannot be written");
    }

    private KnownAddressesFile open(@Nullable Path file) {
        return new KnownAddressesFile(file, time);
    }

    private static InetSocketAddress socket(String ip, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }
}
