package dev.fleetgateway.trial;

import dev.fleetgateway.trial.Rounds.Measure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a way that is lost while another is there: that the gateway goes on by the other by itself, that what moved stands
 * in time and is not set about again by the gateway, and that the holder can go on.
 */
final class Losing {

    private static final long TOLD = 2_100;
    private static final long PATIENCE = 40_000;
    private static final long WATCH = 4_000;

    private final RouteScene scene;
    private final Rounds rounds;
    private final int runs;

    /** Makes or takes ways, and says when it began. */
    interface Event {
        long happen() throws Exception;
    }

    /**
     * One loss.
     *
     * @param before the kind of the route that is lost
     * @param preparing what is lost before, if anything
     * @param after the kind of the one that is left; null for any
     * @param bound for the first answer over it
     * @param deaf whether the machine hears nothing over what is lost
     */
    record Loss(
            String title,
            String before,
            Event preparing,
            Event event,
            @Nullable String after,
            long bound,
            boolean deaf) {}

    Losing(RouteScene scene, Rounds rounds, int runs) {
        this.scene = scene;
        this.rounds = rounds;
        this.runs = runs;
    }

    void row(Loss loss) throws Exception {
        List<Measure> idle = List.of(
                Measure.atMost("no lease: carried again", loss.bound),
                Measure.atMost("no lease: `route.since`", loss.bound));
        rounds.check(loss.title, idle, runs, () -> {
            settle(loss);
            try (Reads reads = new Reads(scene.rest())) {
                Thread.sleep(300);
                return carried(loss, reads, happen(loss));
            }
        });
        List<Measure> held = List.of(
                Measure.atMost("lease: m1 stands, SetPower", loss.deaf ? TOLD : loss.bound + TOLD),
                Measure.atMost("lease: m2 stands, GoFor in flight", loss.deaf ? TOLD : loss.bound + TOLD),
                Measure.atMost("lease: carried again", loss.bound),
                Measure.atMost("lease: `route.since`", loss.bound),
                Measure.atMost("lease: GoFor's caller is answered", PATIENCE),
                Measure.atMost("lease: the holder moves m1 again", loss.bound + 1_000));
        rounds.check(loss.title, held, runs, () -> {
            settle(loss);
            try (Reads reads = new Reads(scene.rest());
                    Holder holder = new Holder(scene.rest())) {
                return held(loss, reads, holder);
            }
        });
    }

    private List<Table.Run> held(Loss loss, Reads reads, Holder holder) throws Exception {
        Motors motors = scene.motors();
        CompletableFuture<Rest.Answer> turning = holder.goFor();
        motors.awaitOn("m2");
        holder.power("5s").ok();
        motors.awaitOn("m1");
        // At any point between two beats.
        Thread.sleep(ThreadLocalRandom.current().nextInt(600, 1_100));
        Happened happened = happen(loss);
        CompletableFuture<Long> answered = turning.handle((answer, e) -> {
            System.out.println("    GoFor: " + (answer == null ? e : answer.told()));
            return System.nanoTime();
        });
        boolean wasOn = motors.on("m1", happened.at) && motors.on("m2", happened.at);
        List<Table.Run> carried = carried(loss, reads, happened);
        List<Table.Run> all = new ArrayList<>();
        for (String motor : List.of("m1", "m2")) {
            all.add(stands(motor, wasOn, happened.at, held(loss)));
        }
        Thread.sleep(WATCH);
        motors.mark();
        for (int i = 0; i < 2; i++) {
            String motor = i == 0 ? "m1" : "m2";
            OptionalLong off = motors.first(motor, "off", happened.at);
            if (off.isPresent() && motors.first(motor, "on", off.getAsLong()).isPresent()) {
                all.set(i, new Table.Run(all.get(i).millis(), "it went on again"));
            }
        }
        all.addAll(carried);
        try {
            all.add(new Table.Run(millis(happened.at, answered.get(PATIENCE, TimeUnit.MILLISECONDS)), ""));
        } catch (TimeoutException e) {
            all.add(new Table.Run(Double.POSITIVE_INFINITY, "its caller still waits"));
        }
        all.add(again(holder, carried.getFirst()));
        return all;
    }

    private static long held(Loss loss) {
        return loss.deaf ? TOLD : loss.bound + TOLD;
    }

    /** What was carried again is there for the holder, too. */
    private Table.Run again(Holder holder, Table.Run carried) throws Exception {
        String protection = holder.renew().path("protection").asString("");
        Rest.Answer moved = holder.power("3s");
        if (moved.status() != 200) {
            return new Table.Run(Double.POSITIVE_INFINITY, "refused: " + moved.told());
        }
        scene.motors().awaitOn("m1");
        long at = System.nanoTime();
        holder.release().ok();
        if (!stands("m1", true, at, TOLD).complaint().isEmpty()) {
            return new Table.Run(Double.POSITIVE_INFINITY, "it goes on after the release");
        }
        return new Table.Run(
                carried.millis(),
                protection.equals("RESTARTED") ? carried.complaint() : "protection was " + protection);
    }

    private void settle(Loss loss) throws Exception {
        scene.internet().mend();
        long _ = loss.preparing.happen();
        scene.still();
        scene.settle(loss.before);
    }

    private record Happened(long at, long done, Instant time) {}

    private static Happened happen(Loss loss) throws Exception {
        Instant time = Instant.now();
        return new Happened(loss.event.happen(), System.nanoTime(), time);
    }

    private List<Table.Run> carried(Loss loss, Reads reads, Happened happened) throws Exception {
        OptionalLong good = reads.awaitGood(happened.done, loss.after, PATIENCE);
        System.out.println("    reads: " + reads.outcomes(happened.done, System.nanoTime()));
        if (good.isEmpty()) {
            System.out.println("    " + scene.route());
            Table.Run never = new Table.Run(Double.POSITIVE_INFINITY, "it is not carried again");
            return List.of(never, never);
        }
        double millis = millis(happened.at, good.getAsLong());
        String since = scene.route().path("since").asString("");
        double shown = Duration.between(happened.time, Instant.parse(since)).toMillis();
        return List.of(
                new Table.Run(millis, millis > loss.bound ? "late" : ""),
                new Table.Run(shown, shown < 0 ? "it is not told" : shown > loss.bound ? "late" : ""));
    }

    private Table.Run stands(String motor, boolean wasOn, long at, long bound) throws Exception {
        if (!wasOn) {
            return new Table.Run(Double.POSITIVE_INFINITY, "it stood before");
        }
        OptionalLong off = scene.motors().awaitFirst(motor, "off", at, bound + 2_000);
        if (off.isEmpty()) {
            return new Table.Run(Double.POSITIVE_INFINITY, "it goes on");
        }
        double millis = millis(at, off.getAsLong());
        return new Table.Run(millis, millis > bound ? "late" : "");
    }

    private static double millis(long from, long to) {
        return (to - from) / 1e6;
    }
}
