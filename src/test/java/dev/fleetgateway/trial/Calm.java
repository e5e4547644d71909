package dev.fleetgateway.trial;

import dev.fleetgateway.trial.Losing.Event;
import dev.fleetgateway.trial.Rounds.Measure;
import java.util.List;
import java.util.OptionalLong;

/** What must go on as if nothing had happened. */
final class Calm {

    private static final long LASTS = 30_000;
    private static final long UNSEEN = 1_000;

    private final RouteScene scene;
    private final Rounds rounds;
    private final int runs;

    Calm(RouteScene scene, Rounds rounds, int runs) {
        this.scene = scene;
        this.rounds = rounds;
        this.runs = runs;
    }

    void row(String title, String kind, Event preparing, Event event) throws Exception {
        List<Measure> measures = List.of(Measure.atMost("longest time between two good reads, m1 turning", UNSEEN));
        rounds.check(title, measures, runs, () -> {
            scene.internet().mend();
            var _ = preparing.happen();
            scene.still();
            scene.settle(kind);
            try (Reads reads = new Reads(scene.rest());
                    Holder holder = new Holder(scene.rest())) {
                return List.of(run(reads, holder, event));
            }
        });
    }

    private Table.Run run(Reads reads, Holder holder, Event event) throws Exception {
        Motors motors = scene.motors();
        holder.power("5s").ok();
        motors.awaitOn("m1");
        String since = scene.route().path("since").asString("");
        Thread.sleep(700);
        long at = event.happen();
        Thread.sleep(LASTS);
        motors.mark();
        System.out.println("    reads: " + reads.outcomes(at, System.nanoTime()));
        double pause = reads.longestPauseMillis(at, System.nanoTime());
        OptionalLong off = motors.first("m1", "off", at);
        String complaint = off.isPresent()
                ? "m1 stood"
                : !scene.route().path("since").asString("").equals(since)
                        ? "the route changed"
                        : pause > UNSEEN ? "late" : "";
        return new Table.Run(pause, complaint);
    }
}
