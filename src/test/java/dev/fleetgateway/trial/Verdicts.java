package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What was said of sync in each case, and whether it was right and in time. */
final class Verdicts {

    private static final String HEAD = """
            | case | verdict | delay | confidence | words | evidence | bound | held |
            |---|---|---:|---|---|---|---|---|
            """;

    private final Rows rows;

    Verdicts(Path file) {
        this.rows = new Rows(file, HEAD);
    }

    /**
     * One word that was waited for.
     *
     * @param since what the delay is counted from
     * @param bound what must be, in words
     * @param complaint empty where it is so
     */
    void add(String what, Optional<Word> word, long since, String bound, String complaint) throws IOException {
        Optional<Word> said = word;
        String broken = said.isEmpty() ? "it was never said" : complaint;
        rows.add(
                "| %s | %s | %s | %s | %s | %s | %s | %s |"
                        .formatted(
                                what,
                                said.map(Word::state).orElse("-"),
                                said.map(it -> it.at() - since < 0 ? "said before" : seconds(it.at() - since))
                                        .orElse("never"),
                                said.map(Word::confidence).orElse("-"),
                                said.map(Word::reason).orElse("-"),
                                said.map(it -> String.join("<br>", it.evidence()))
                                        .orElse("-"),
                                bound,
                                broken.isEmpty() ? "holds" : "**BROKEN**: " + broken),
                broken.isEmpty());
    }

    /** One whose delay has a bound, counted from the same moment. */
    void within(String what, Optional<Word> word, long since, double most) throws IOException {
        add(what, word, since, "≤ %.0f s".formatted(most), late(word, since, 0, most));
    }

    /** What is to be said of a word that came too early or too late; empty where it did not. */
    static String late(Optional<Word> word, long since, double least, double most) {
        if (word.isEmpty()) {
            return "";
        }
        double seconds = (word.get().at() - since) / 1e9;
        return seconds < least
                ? "too early, after %.1f s".formatted(seconds)
                : seconds > most ? "too late, after %.1f s".formatted(seconds) : "";
    }

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    boolean broken() {
        return rows.broken();
    }

    @Override
    public String toString() {
        return rows.toString();
    }
}
