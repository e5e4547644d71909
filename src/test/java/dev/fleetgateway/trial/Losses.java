package dev.fleetgateway.trial;

import dev.fleetgateway.trial.Losing.Loss;
import dev.fleetgateway.trial.Rounds.Measure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The losses that are tried with a managed machine. */
final class Losses {

    private static final long CLOSED = 3_000;
    private static final long SILENT = 12_000;
    private static final long NOTICED = 3_000;
    private static final Losing.Event NOTHING = System::nanoTime;

    private final RouteScene scene;
    private final Internet internet;
    private final Rounds rounds;
    private final int runs;

    Losses(RouteScene scene, Rounds rounds, int runs) {
        this.scene = scene;
        this.internet = scene.internet();
        this.rounds = rounds;
        this.runs = runs;
    }

    void all() throws Exception {
        byTheOther();
        appearing();
        alone();
    }

    // Where a machine was last reached is kept, as by default.
    private Rounds with(String machineSettings) {
        return rounds.on(() -> {
            internet.mend();
            scene.keepGateway(machineSettings, RouteScene.cloud().replace(", known-file: ''", ""));
        });
    }

    private void byTheOther() throws Exception {
        Rounds rounds = with(scene.managed(RouteScene.NAME));
        Losing losing = new Losing(scene, rounds, runs);
        losing.row(new Loss(
                "lost: LAN, unplugged at the gateway",
                "LAN",
                NOTHING,
                internet::unplugGateway,
                "INTERNET",
                CLOSED,
                true));
        losing.row(new Loss(
                "lost: LAN, unplugged at the machine",
                "LAN",
                NOTHING,
                internet::unplugMachine,
                "INTERNET",
                CLOSED,
                true));
        losing.row(new Loss(
                "lost: LAN, from the machine only", "LAN", NOTHING, internet::deafen, "INTERNET", SILENT, false));
        losing.row(new Loss(
                "lost: internet, as the LAN comes",
                "INTERNET",
                internet::unplugGateway,
                () -> {
                    long at = internet.cut();
                    internet.plug();
                    return at;
                },
                "LAN",
                SILENT,
                true));
        losing.row(new Loss(
                "lost: gateway's address on the LAN", "LAN", NOTHING, internet::renumberLan, null, SILENT, true));
        losing.row(new Loss(
                "lost: gateway's address on the internet",
                "INTERNET",
                internet::unplugGateway,
                internet::renumberInternet,
                null,
                SILENT,
                true));
        new Outage(scene, rounds, runs)
                .row(
                        "lost: LAN and internet, for 25 s",
                        () -> {
                            long at = internet.cut();
                            internet.unplugMachine();
                            return at;
                        },
                        25_000,
                        internet::mend);
        Calm calm = new Calm(scene, rounds, runs);
        calm.row("lost: cloud, while the LAN carries", "LAN", NOTHING, internet::cutCloud);
        calm.row("lost: cloud, while the internet carries", "INTERNET", internet::unplugGateway, internet::cutCloud);
    }

    /** How soon it is looked for, and carries. */
    private void appearing() throws Exception {
        String title = "found: LAN, plugged in at the gateway";
        List<Measure> measures = List.of(
                Measure.atMost("dialed", NOTICED),
                Measure.atMost("carried, 10 s being the hysteresis", 10_000 + CLOSED));
        with(scene.managed(RouteScene.NAME)).check(title, measures, runs, () -> {
            internet.unplugGateway();
            scene.still();
            scene.settle("INTERNET");
            Thread.sleep(3_000);
            Instant plugged = Instant.now();
            internet.plug();
            Instant[] dialed = {Instant.MAX};
            scene.await("the LAN carries", 30, () -> {
                JsonNode route = scene.route();
                route.path("candidates")
                        .valueStream()
                        .filter(each -> each.path("kind").asString("").equals("LAN"))
                        .map(each -> each.path("triedAt").asString(""))
                        .filter(each -> !each.isEmpty())
                        .map(Instant::parse)
                        .filter(each -> each.isAfter(plugged) && each.isBefore(dialed[0]))
                        .forEach(each -> dialed[0] = each);
                return RouteScene.kind("LAN").test(route);
            });
            double carried = Duration.between(plugged, Instant.now()).toMillis();
            double soon = Duration.between(plugged, dialed[0]).toMillis();
            return List.of(
                    new Table.Run(soon, soon > NOTICED ? "late" : ""),
                    new Table.Run(carried, carried > 10_000 + CLOSED ? "late" : ""));
        });
    }

    private void alone() throws Exception {
        Outage outage = new Outage(scene, with(scene.managed(RouteScene.NAME) + "route-policy: LAN_ONLY\n"), runs);
        outage.row("alone: LAN, unplugged at the machine for 12 s", internet::unplugMachine, 12_000, internet::plug);
        outage.row("alone: LAN, unplugged at the gateway for 12 s", internet::unplugGateway, 12_000, internet::plug);
    }
}
