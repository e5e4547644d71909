package dev.fleetgateway.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Tries things again and again, each time on a scene that is as it was, and has the table say what came out. */
final class Rounds {

    private static final int LONGEST = 200;

    /** What a run must not have stood still for, and how often it is tried again then. */
    private static final long DISTURBED = 400;

    private static final int AGAIN = 4;

    private final Table table;
    private final Pattern only;
    private final Settling settling;
    private final Stillness stillness;

    /** Makes the scene as it was. */
    interface Settling {
        void settle() throws Exception;
    }

    /** Tells whether the host is too busy to measure anything. */
    interface Stillness {

        /** The longest time for which everything stood still since then. */
        long longestMillis(long since) throws Exception;
    }

    /** One run. */
    interface Check {
        Table.Run run() throws Exception;
    }

    /** One run in which several things are measured. */
    interface Checks {
        List<Table.Run> run() throws Exception;
    }

    /**
     * What is measured.
     *
     * @param most whether the bound is the most that may be measured, or else the least
     * @param counted whether it is a number, or else a time in milliseconds
     */
    record Measure(String name, boolean most, boolean counted, long bound) {

        /** A time that must not be longer. */
        static Measure atMost(String name, long millis) {
            return new Measure(name, true, false, millis);
        }

        /** A time that must not be shorter. */
        static Measure atLeast(String name, long millis) {
            return new Measure(name, false, false, millis);
        }

        /** Something there must be none of. */
        static Measure none(String name) {
            return new Measure(name, true, true, 0);
        }

        String told(double measured) {
            return counted && !Double.isInfinite(measured) ? Long.toString((long) measured) : Table.seconds(measured);
        }
    }

    /**
     * @param only the titles that are tried
     */
    Rounds(Table table, Pattern only, Settling settling, Stillness stillness) {
        this.table = table;
        this.only = only;
        this.settling = settling;
        this.stillness = stillness;
    }

    /** The same ones, on a scene that is made otherwise. */
    Rounds on(Settling other) {
        return new Rounds(table, only, other, stillness);
    }

    /** Whether that is tried at all. */
    boolean has(String title) {
        return only.matcher(title).find();
    }

    void check(String title, Measure measure, int times, Check check) throws Exception {
        check(title, List.of(measure), times, () -> List.of(check.run()));
    }

    void check(String title, List<Measure> measures, int times, Checks checks) throws Exception {
        if (!has(title)) {
            return;
        }
        List<List<Table.Run>> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            List<Table.Run> runs = undisturbed(checks, measures.size());
            for (int j = 0; j < measures.size(); j++) {
                Table.Run run = runs.get(j);
                System.out.println("  " + title + ", " + measures.get(j).name() + ": "
                        + measures.get(j).told(run.millis()) + " " + run.complaint());
            }
            all.add(runs);
        }
        for (int j = 0; j < measures.size(); j++) {
            int column = j;
            table.add(
                    title,
                    measures.get(j),
                    all.stream().map(runs -> runs.get(column)).toList());
        }
    }

    private List<Table.Run> undisturbed(Checks checks, int measures) throws Exception {
        List<Table.Run> runs = List.of();
        for (int i = 0; i < AGAIN; i++) {
            long since = System.nanoTime();
            runs = tried(checks, measures);
            long still = stillness.longestMillis(since);
            if (still < DISTURBED
                    || runs.stream().allMatch(run -> run.complaint().isEmpty())) {
                break;
            }
            System.out.println("  everything stood still for " + still + " ms: " + runs + "; it is tried once more");
        }
        return runs;
    }

    private List<Table.Run> tried(Checks checks, int measures) {
        String complaint;
        try {
            settling.settle();
            return checks.run();
        } catch (Exception e) {
            String message = String.valueOf(e.getMessage());
            System.out.println("  " + message);
            complaint = "not tried: " + message.substring(0, Math.min(LONGEST, message.length()));
        }
        Table.Run none = new Table.Run(Double.POSITIVE_INFINITY, complaint);
        return IntStream.range(0, measures).mapToObj(_ -> none).toList();
    }
}
