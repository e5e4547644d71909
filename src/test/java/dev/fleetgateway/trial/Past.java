package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a gateway's history says of a machine's sync, held against what was done and what its cloud knows. */
final class Past {

    /** A gateway that was killed has watched until this long before at least: it writes that down every 10 s. */
    private static final Duration WATCHED = Duration.ofSeconds(20);

    /** How long a gateway that has just started may not know. */
    private static final Duration LEARNING = Duration.ofSeconds(189);

    /** How long a gateway takes to start and to write. */
    private static final Duration STARTING = Duration.ofSeconds(40);

    private static final String UNKNOWN = "UNKNOWN";

    /** Clocks are read one after the other. */
    private static final Duration EARLY = Duration.ofSeconds(-1);

    private static final Duration LATE = seconds(Outages.LATE);

    private final SyncScene scene;
    private final Deeds deeds;

    /**
     * One entry.
     *
     * @param until null while it lasts
     * @param ended empty while it lasts
     */
    private record Entry(
            String state, Instant since, @Nullable Instant until, String ended, String reason) {

        static Entry of(JsonNode entry) {
            JsonNode until = entry.path("until");
            return new Entry(
                    entry.path("state").asString(""),
                    Instant.parse(entry.path("since").asString("")),
                    until.isNull() || until.isMissingNode() ? null : Instant.parse(until.asString("")),
                    entry.path("ended").isNull() ? "" : entry.path("ended").asString(""),
                    entry.path("reason").asString(""));
        }
    }

    /** Entries of one state, one after the other, whatever their reasons and whether or not the gateway was there. */
    private record Stretch(
            String state, Instant since, @Nullable Instant until) {}

    Past(SyncScene scene, Deeds deeds) {
        this.scene = scene;
        this.deeds = deeds;
    }

    /** What is wrong with it; empty for nothing. Writes it down for people. */
    String complaint() throws IOException, InterruptedException {
        List<Entry> all = read();
        List<String> wrong = new ArrayList<>();
        ends(all, wrong);
        List<Stretch> stretches = stretches(all, wrong);
        compare(stretches, wrong);
        write(all, stretches, wrong);
        return String.join("; ", wrong);
    }

    private List<Entry> read() throws IOException, InterruptedException {
        try (Rest rest = scene.otherHistory(deeds.rover())) {
            JsonNode page =
                    rest.ask("GET", "?part=SYNC&pageSize=1000", null, null).ok();
            return page.path("history").valueStream().map(Entry::of).toList().reversed();
        }
    }

    /** Each follows the one before at once, but where the gateway was not there. */
    private void ends(List<Entry> all, List<String> wrong) {
        List<SyncScene.Gap> gaps = new ArrayList<>(scene.gaps());
        for (int i = 0; i + 1 < all.size(); i++) {
            Entry one = all.get(i);
            Instant until = one.until();
            Instant next = all.get(i + 1).since();
            if (until == null) {
                wrong.add("the one since " + one.since() + " lasts, and another follows");
            } else if (one.ended().equals("CHANGED")) {
                if (!until.equals(next)) {
                    wrong.add("from " + until + " to " + next + " there is nothing");
                }
            } else if (gaps.isEmpty() || !gaps.getFirst().ended().equals(one.ended())) {
                wrong.add("the one until " + until + " ended by " + one.ended() + ", which was not so");
            } else {
                SyncScene.Gap gap = gaps.removeFirst();
                if (until.isBefore(gap.from().minus(WATCHED)) || until.isAfter(gap.until())) {
                    wrong.add("the gateway ended at " + gap.from() + ", not at " + until);
                }
                if (next.isBefore(gap.until().minusSeconds(1))
                        || next.isAfter(gap.until().plus(STARTING))) {
                    wrong.add("the gateway started at " + gap.until() + ", not at " + next);
                }
            }
        }
        gaps.forEach(gap -> wrong.add("nothing ends with the gateway at " + gap.from()));
        if (all.isEmpty() || all.getLast().until() != null) {
            wrong.add("nothing lasts");
        }
    }

    /** The history without what a gateway that has just started does not know, each stretch in one. */
    private List<Stretch> stretches(List<Entry> all, List<String> wrong) {
        List<Stretch> found = new ArrayList<>();
        for (Entry entry : all) {
            Stretch last = found.isEmpty() ? null : found.getLast();
            if (entry.state().equals(UNKNOWN)) {
                if (last != null && !hasJustStarted(entry)) {
                    wrong.add("not known from %s to %s: %s".formatted(entry.since(), entry.until(), entry.reason()));
                }
            } else if (last != null && last.state().equals(entry.state())) {
                found.set(found.size() - 1, new Stretch(last.state(), last.since(), entry.until()));
            } else {
                found.add(new Stretch(entry.state(), entry.since(), entry.until()));
            }
        }
        return found;
    }

    private boolean hasJustStarted(Entry unknown) {
        return scene.gaps().stream()
                .anyMatch(gap -> !unknown.since().isBefore(gap.until().minusSeconds(1))
                        && Objects.requireNonNullElse(unknown.until(), Instant.MAX)
                                .isBefore(gap.until().plus(STARTING).plus(LEARNING)));
    }

    /** In contact, and then no contact as often as it was taken away. */
    private void compare(List<Stretch> found, List<String> wrong) {
        List<Deeds.Gone> gone = deeds.gone();
        List<String> states = found.stream().map(Stretch::state).toList();
        List<String> wanted = new ArrayList<>(List.of("ACTIVE"));
        gone.forEach(_ -> wanted.addAll(List.of("PAUSED", "ACTIVE")));
        if (!states.equals(wanted)) {
            wrong.add("it was " + wanted + ", and is said to have been " + states);
            return;
        }
        for (int i = 0; i < gone.size(); i++) {
            Deeds.Gone truth = gone.get(i);
            Stretch paused = found.get(2 * i + 1);
            if (Duration.between(truth.last(), paused.since()).abs().compareTo(LATE) > 0) {
                wrong.add("%s: since %s, not %s".formatted(truth.fault(), truth.last(), paused.since()));
            }
            Duration late = Duration.between(truth.first(), found.get(2 * i + 2).since());
            if (late.compareTo(EARLY) < 0 || late.compareTo(seconds(Outages.SECOND_SIGN)) > 0) {
                wrong.add("%s: until %s, not %s".formatted(truth.fault(), truth.first(), paused.until()));
            }
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1e3));
    }

    private void write(List<Entry> all, List<Stretch> stretches, List<String> wrong) throws IOException {
        StringBuilder text =
                new StringBuilder("# What was done to " + deeds.rover().name() + "\n\n");
        deeds.told().forEach(line -> text.append("- ").append(line).append('\n'));
        text.append(
                "\n# What its history says of its sync\n\n| since | until | ended | state | reason |\n|---|---|---|---|---|\n");
        all.forEach(each -> text.append("| %s | %s | %s | %s | %s |%n"
                .formatted(
                        each.since(),
                        each.until() == null ? "" : each.until(),
                        each.ended(),
                        each.state(),
                        each.reason())));
        text.append("\n# In stretches\n\n");
        stretches.forEach(each -> text.append("- %s from %s to %s%n"
                .formatted(each.state(), each.since(), each.until() == null ? "now" : each.until())));
        text.append("\n# What is wrong with it\n\n").append(wrong.isEmpty() ? "Nothing." : String.join("\n", wrong));
        Files.writeString(scene.folder().resolve("history.md"), text + "\n");
    }
}
