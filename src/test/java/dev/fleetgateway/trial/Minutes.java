package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Holds every second of an outage, and of the time after it, against what the cloud knows to be true. */
final class Minutes implements AutoCloseable {

    /** Between two signs, and some more. */
    private static final double QUIET = 15;

    private final SyncScene scene;
    private final Rover rover;
    private final Path log;
    private final Map<Judged, Integer> seconds = new EnumMap<>(Judged.class);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private long from;
    private long until = Long.MAX_VALUE;
    private String before = "";

    private enum Judged {
        /** What is said is so. */
        TRUE,
        /** It was so, and cannot be known to have changed yet. */
        NOT_KNOWN_YET,
        /** It is not so, and that should be known. */
        FALSE
    }

    Minutes(SyncScene scene, Rover rover) throws IOException {
        this.scene = scene;
        this.rover = rover;
        this.log = scene.folder().resolve("minutes.md");
        Files.writeString(log, """
                | in the outage | after it | the cloud was asked | since the end | said | in words | judged |
                |---:|---:|---:|---:|---|---|---|
                """);
    }

    long refuse() throws IOException {
        from = rover.tell("refuse");
        var _ = clock.scheduleAtFixedRate(this::look, 0, 1, TimeUnit.SECONDS);
        return from;
    }

    synchronized long mend() throws IOException {
        until = rover.tell("mend");
        return until;
    }

    private synchronized void look() {
        long now = System.nanoTime();
        try {
            scene.words().at(rover.name(), now).ifPresent(word -> {
                boolean ended = until != Long.MAX_VALUE;
                List<Long> after = rover.reads().stream()
                        .filter(at -> ended && at - until > 0)
                        .toList();
                double quiet = (now - rover.lastRead(now)) / 1e9;
                Judged judged = judge(word, after, quiet, now);
                seconds.merge(judged, 1, Integer::sum);
                write(word, after.size(), quiet, judged, ended ? (now - until) / 1e9 : null, (now - from) / 1e9);
            });
        } catch (RuntimeException e) {
            System.err.println("not judged: " + e);
        }
    }

    private static Judged judge(Word word, List<Long> after, double quiet, long now) {
        boolean contact = quiet < QUIET;
        return switch (word.state()) {
            case "ACTIVE" ->
                contact && startedThen(word, after)
                        ? Judged.TRUE
                        : quiet < 60 + Outages.LATE && after.isEmpty() ? Judged.NOT_KNOWN_YET : Judged.FALSE;
            case "PAUSED" -> {
                boolean one = word.reason().contains("there was one sign of it");
                if (after.isEmpty() || (one && after.size() == 1)) {
                    yield Judged.TRUE;
                }
                // Known by the second sign, and told of at the next question but one.
                double since = (now - after.get(Math.min(1, after.size() - 1))) / 1e9;
                yield since < Outages.SECOND_SIGN ? Judged.NOT_KNOWN_YET : Judged.FALSE;
            }
            default -> contact ? Judged.FALSE : Judged.TRUE;
        };
    }

    private static boolean startedThen(Word word, List<Long> after) {
        return after.isEmpty()
                || Math.abs(Duration.between(Rover.clock(after.getFirst()), word.since())
                                .toMillis())
                        < 13_000;
    }

    private void write(
            Word word, int after, double quiet, Judged judged, @Nullable Double sinceEnd, double sinceBeginning) {
        String line = word.state() + " " + word.confidence() + " | " + word.reason() + " | " + judged;
        if (line.equals(before)) {
            return;
        }
        before = line;
        try {
            Files.writeString(
                    log,
                    "| %.0f s | %s | %.0f s ago | %d times | %s |%n"
                            .formatted(
                                    sinceBeginning,
                                    sinceEnd == null ? "" : "%.0f s".formatted(sinceEnd),
                                    quiet,
                                    after,
                                    line),
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.println("not written: " + e);
        }
    }

    /** How many seconds were false; empty where none was. */
    synchronized String complaint() {
        System.out.println("    the minutes, in seconds: " + seconds);
        return seconds.containsKey(Judged.FALSE)
                ? "false for %d s; see minutes.md".formatted(seconds.get(Judged.FALSE))
                : "";
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
