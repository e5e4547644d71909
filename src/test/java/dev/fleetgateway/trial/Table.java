package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What came out, row by row. */
final class Table {

    private static final String HEAD = """
            | event | motion | runs | median | worst | bound | verdict |
            |---|---|---:|---:|---:|---:|---|
            """;

    private final Rows rows;

    /**
     * One run.
     *
     * @param millis what was measured; infinite where it did not come to that. What is counted is counted in it, too
     * @param complaint empty where all was as it must be
     */
    record Run(double millis, String complaint) {}

    Table(Path file) {
        this.rows = new Rows(file, HEAD);
    }

    void add(String event, Rounds.Measure measure, List<Run> runs) throws IOException {
        boolean most = measure.most();
        List<Double> sorted = runs.stream().map(Run::millis).sorted().toList();
        double worst = most ? sorted.getLast() : sorted.getFirst();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        List<String> complaints = runs.stream()
                .map(Run::complaint)
                .filter(each -> !each.isEmpty())
                .toList();
        String verdict = complaints.isEmpty()
                ? "holds"
                : "**BROKEN** in %d: %s"
                        .formatted(
                                complaints.size(),
                                String.join("; ", complaints.stream().distinct().toList()));
        rows.add(
                "| %s | %s | %d | %s | %s | %s %s | %s |"
                        .formatted(
                                event,
                                measure.name(),
                                runs.size(),
                                measure.told(median),
                                measure.told(worst),
                                most ? "≤" : "≥",
                                measure.told((double) measure.bound()),
                                verdict),
                complaints.isEmpty());
    }

    boolean broken() {
        return rows.broken();
    }

    static String seconds(double millis) {
        return Double.isInfinite(millis) ? "never" : String.format(Locale.ROOT, "%.3f s", millis / 1e3);
    }

    @Override
    public String toString() {
        return rows.toString();
    }
}
