package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Asks a gateway every second what it says of each machine's sync, and keeps all that it says otherwise than before. */
final class Words implements AutoCloseable {

    private final Rest rest;
    private final Path log;
    private final Map<String, List<Word>> said = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    Words(int port, Path log) {
        this.rest = new Rest("http://127.0.0.1:" + port + "/api/v1/machines");
        this.log = log;
        var _ = clock.scheduleAtFixedRate(this::ask, 0, 1, TimeUnit.SECONDS);
    }

    private void ask() {
        try {
            for (JsonNode machine :
                    rest.ask("GET", "?pageSize=100", null, null).ok().path("machines")) {
                hear(machine.path("name").asString(""), Word.of(System.nanoTime(), machine.path("sync")));
            }
        } catch (IOException | InterruptedException | RuntimeException _) {
            // A gateway that is not there yet, or any more, says nothing.
        }
    }

    private void hear(String machine, Word word) throws IOException {
        List<Word> all = said.computeIfAbsent(machine, _ -> new CopyOnWriteArrayList<>());
        if (all.isEmpty() || !all.getLast().saysTheSameAs(word)) {
            all.add(word);
            Files.writeString(
                    log,
                    "%s %s %s %s since %s: %s %s%n"
                            .formatted(
                                    Instant.now().truncatedTo(ChronoUnit.MILLIS),
                                    machine,
                                    word.state(),
                                    word.confidence(),
                                    word.since(),
                                    word.reason(),
                                    word.evidence()),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    /** Whether anything was said. */
    boolean any() {
        return !said.isEmpty();
    }

    /** Forgets all: another gateway speaks from now on. */
    void forget() {
        said.clear();
    }

    /** What was said between two times, the first of it perhaps since before. */
    List<Word> between(String machine, long from, long to) {
        List<Word> all = said.getOrDefault(machine, List.of());
        int first = 0;
        while (first + 1 < all.size() && all.get(first + 1).at() - from <= 0) {
            first++;
        }
        return all.stream().skip(first).takeWhile(word -> word.at() - to <= 0).toList();
    }

    /** What is said at a time. */
    Optional<Word> at(String machine, long when) {
        return between(machine, when, when).stream().findFirst();
    }

    /** The first such word that was in force at that time, or came after it; waited for. */
    Optional<Word> await(String machine, Predicate<Word> wanted, long from, long seconds) throws InterruptedException {
        long end = from + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            Optional<Word> first =
                    between(machine, from, end).stream().filter(wanted).findFirst();
            if (first.isPresent() || System.nanoTime() - end > 0) {
                return first;
            }
            Thread.sleep(100);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        rest.close();
    }
}
