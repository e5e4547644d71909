package dev.fleetgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What was measured, for people and for programs. Written anew after each row, so that a run cut short still tells. */
final class Report {

    private final Path folder;
    private final Map<String, String> machine = machine();
    private final List<Row> rows = new ArrayList<>();

    /**
     * One figure.
     *
     * @param runs the single runs of which the value is the median; empty where there was one
     */
    record Row(String group, String what, String unit, double value, List<Double> runs) {}

    Report(Path folder) {
        this.folder = folder;
    }

    void add(String group, String what, String unit, double value) throws IOException {
        add(group, what, unit, List.of(value));
    }

    /** The median of some runs. */
    void add(String group, String what, String unit, List<Double> runs) throws IOException {
        Row row = new Row(group, what, unit, median(runs), runs.size() > 1 ? runs : List.of());
        rows.add(row);
        System.out.println(line(row));
        write();
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private void write() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("bench.txt"), text());
        Files.write(
                folder.resolve("bench.json"),
                JsonMapper.builder()
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsBytes(Map.of("machine", machine, "rows", rows)));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        machine.forEach((key, value) -> text.append("%-10s %s%n".formatted(key, value)));
        String group = "";
        for (Row row : rows) {
            if (!row.group.equals(group)) {
                group = row.group;
                text.append("%n%s%n".formatted(group));
            }
            text.append("  ").append(line(row)).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static String line(Row row) {
        return String.format(
                Locale.ROOT,
                "%-58s %12s %-12s %s",
                row.what,
                number(row.value),
                row.unit,
                row.runs.isEmpty()
                        ? ""
                        : row.runs.stream().map(Report::number).toList().toString());
    }

    private static String number(double value) {
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.3f", value);
    }

    private static Map<String, String> machine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put("cpu", fromProc("/proc/cpuinfo", "model name"));
        machine.put("memory", fromProc("/proc/meminfo", "MemTotal"));
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("jdk", Runtime.version() + ", " + System.getProperty("java.vm.name"));
        machine.put("gateway", "java " + System.getProperty("bench.gateway.jvm", "") + " (else the JVM's defaults)");
        return machine;
    }

    private static String fromProc(String file, String key) {
        try {
            return Arrays.stream(Files.readString(Path.of(file)).split("\n", -1))
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
