package dev.fleetgateway.trial;

import dev.fleetgateway.trial.Losing.Event;
import dev.fleetgateway.trial.Rounds.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What comes of the last way that is lost for a while: that commands are refused as not sent, that none of them is sent when a way is
 * there again, and that one is found by itself.
 */
final class Outage {

    private static final long TOLD = 2_100;
    private static final long NOTICED = 12_000;
    private static final long FOUND = 12_000;
    private static final long WATCH = 6_000;

    private final RouteScene scene;
    private final Rounds rounds;
    private final int runs;

    /** A command of the holder's, and what became of it. */
    private record Sent(long from, Rest.Answer answer) {

        boolean refused() {
            return answer.status() == 503;
        }

        /** Whether it says all that it should. */
        boolean told() {
            return answer.body().path("outcome").asString("").equals("NOT_SENT")
                    && !answer.header("Retry-After").isEmpty();
        }
    }

    Outage(RouteScene scene, Rounds rounds, int runs) {
        this.scene = scene;
        this.rounds = rounds;
        this.runs = runs;
    }

    /**
     * @param millis how long there is no way
     */
    void row(String title, Event event, long millis, Event mending) throws Exception {
        List<Measure> measures = List.of(
                Measure.atMost("m1 stands", TOLD),
                Measure.atMost("commands are refused, NOT_SENT", NOTICED),
                Measure.atMost("carried again, since the end of it", FOUND),
                Measure.atMost("the holder moves m1 again", FOUND));
        rounds.check(title, measures, runs, () -> {
            scene.internet().mend();
            scene.still();
            scene.settle("LAN");
            try (Reads reads = new Reads(scene.rest());
                    Holder holder = new Holder(scene.rest())) {
                return run(reads, holder, event, millis, mending);
            }
        });
    }

    private List<Table.Run> run(Reads reads, Holder holder, Event event, long millis, Event mending) throws Exception {
        Motors motors = scene.motors();
        holder.power("5s").ok();
        motors.awaitOn("m1");
        Thread.sleep(700);
        long at = event.happen();
        List<Sent> sent = command(holder, at, millis - 1_500);
        long left = at + TimeUnit.MILLISECONDS.toNanos(millis) - System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(left);
        System.out.println("    reads: " + reads.outcomes(at, System.nanoTime()));
        long mended = mending.happen();
        OptionalLong good = reads.awaitGood(System.nanoTime(), null, 60_000);
        Thread.sleep(WATCH);
        motors.mark();
        OptionalLong off = motors.first("m1", "off", at);
        boolean again =
                off.isPresent() && motors.first("m1", "on", off.getAsLong()).isPresent();
        List<Table.Run> all = new ArrayList<>();
        all.add(run(off, at, TOLD, again ? "it went on again" : ""));
        all.add(refused(sent, at));
        all.add(run(good, mended, FOUND, ""));
        Rest.Answer moved = holder.power("3s");
        boolean moves = moved.status() == 200;
        all.add(moves ? run(good, mended, FOUND, "") : new Table.Run(Double.POSITIVE_INFINITY, moved.toString()));
        return all;
    }

    private static List<Sent> command(Holder holder, long at, long millis) throws InterruptedException {
        List<Sent> sent = new CopyOnWriteArrayList<>();
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            var _ = clock.scheduleAtFixedRate(
                    () -> Thread.startVirtualThread(() -> {
                        long from = System.nanoTime();
                        try {
                            sent.add(new Sent(from, holder.power("1s")));
                        } catch (Exception e) {
                            System.err.println("no answer: " + e);
                        }
                    }),
                    200,
                    200,
                    TimeUnit.MILLISECONDS);
            TimeUnit.NANOSECONDS.sleep(at + TimeUnit.MILLISECONDS.toNanos(millis) - System.nanoTime());
            clock.shutdownNow();
        }
        Thread.sleep(1_200);
        return sent;
    }

    /** Since when all are refused, and that each of these says so. */
    private static Table.Run refused(List<Sent> sent, long at) {
        sent.stream()
                .map(each -> "    commands: " + each.answer.told())
                .map(each -> each.replaceAll("[0-9]+ (ms|s)", "some $1"))
                .distinct()
                .forEach(System.out::println);
        if (sent.isEmpty() || !sent.getLast().refused()) {
            return new Table.Run(Double.POSITIVE_INFINITY, "they are not refused");
        }
        long last = sent.stream()
                .filter(each -> !each.refused())
                .mapToLong(Sent::from)
                .max()
                .orElse(at);
        String complaint = sent.stream()
                .filter(each -> each.refused() && !each.told())
                .map(each -> "it says no NOT_SENT or Retry-After: " + each.answer)
                .findFirst()
                .orElse("");
        return run(OptionalLong.of(last), at, NOTICED, complaint);
    }

    private static Table.Run run(OptionalLong when, long since, long bound, String complaint) {
        double millis = when.isPresent() ? (when.getAsLong() - since) / 1e6 : Double.POSITIVE_INFINITY;
        return new Table.Run(millis, !complaint.isEmpty() ? complaint : millis > bound ? "late" : "");
    }
}
