package dev.fleetgateway.trial;

import dev.fleetgateway.trial.Rounds.Measure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** That gateways whose dials by WebRTC all fail do not keep another from the same machine. */
final class Dials {

    private static final int FAILED = 50;
    private static final long ANSWERED = 12_000;
    private static final List<Integer> PORTS = List.of(8091, 8092);

    private final RouteScene scene;
    private final Rounds rounds;

    Dials(RouteScene scene, Rounds rounds) {
        this.scene = scene;
        this.rounds = rounds;
    }

    void all() throws Exception {
        String title = "%d dials of two gateways fail".formatted(FAILED);
        if (!rounds.has(title)) {
            return;
        }
        scene.internet().mend();
        scene.internet().unplugGateway();
        scene.startGateway(scene.managed(RouteScene.NAME) + "route-policy: INTERNET_ONLY\n", RouteScene.cloud());
        scene.settle("INTERNET");
        scene.internet().cutDatagrams();
        List<Process> others = new ArrayList<>();
        List<Rest> doors = new ArrayList<>();
        for (int port : PORTS) {
            others.add(scene.startOther("h", port));
            doors.add(new Rest("http://127.0.0.1:%d/api/v1/machines/%s".formatted(port, Rest.MACHINE)));
        }
        try {
            rounds.check(title, Measure.atMost("the third's dial is answered, worst", ANSWERED), 1, () -> {
                for (Rest door : doors) {
                    scene.await(
                            "the other answers",
                            60,
                            () -> door.ask("GET", "", null, null).status() == 200);
                }
                try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
                    var _ = clock.scheduleWithFixedDelay(() -> doors.forEach(Dials::press), 0, 1, TimeUnit.SECONDS);
                    Table.Run run = run();
                    clock.shutdownNow();
                    return run;
                }
            });
        } finally {
            doors.forEach(Rest::close);
            for (Process other : others) {
                other.destroyForcibly().waitFor();
            }
        }
    }

    private Table.Run run() throws Exception {
        double worst = 0;
        List<Double> all = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(25);
        long failed = 0;
        while (failed < FAILED && System.nanoTime() - end < 0) {
            // At any point of the others' dials.
            Thread.sleep(all.size() * 700L % 10_000);
            double millis = dial();
            all.add(millis);
            worst = Math.max(worst, millis);
            failed = failed();
            System.out.println("    " + failed + " failed; the third's: " + Table.seconds(millis));
            Thread.sleep(2_000);
        }
        System.out.println("    the third's dials, sorted: "
                + all.stream().sorted().map(Table::seconds).toList());
        return new Table.Run(
                worst, failed < FAILED ? "only " + failed + " failed in 25 min" : worst > ANSWERED ? "late" : "");
    }

    /** Has one dial as often as it may. */
    private static void press(Rest door) {
        try {
            JsonNode connection = door.ask("GET", "/connection", null, null).ok();
            if (connection.path("state").asString("").equals("TRANSIENT_FAILURE")) {
                door.ask("POST", "/connect", null, null);
            }
        } catch (IOException | InterruptedException | IllegalStateException e) {
            System.err.println("not pressed: " + e);
        }
    }

    private double dial() throws Exception {
        String before = scene.route().path("since").asString("");
        long at = System.nanoTime();
        scene.rest().ask("POST", "/connect", null, null);
        scene.await("the third is answered", 60, () -> {
            String since = scene.route().path("since").asString("");
            return !since.isEmpty() && !since.equals(before);
        });
        return (System.nanoTime() - at) / 1e6;
    }

    private static long failed() throws IOException, InterruptedException {
        long sum = 0;
        for (int port : PORTS) {
            try (Rest meters = new Rest("http://127.0.0.1:" + port)) {
                sum += meters.text("/actuator/prometheus")
                        .lines()
                        .filter(line -> line.startsWith("gateway_webrtc_dials_total"))
                        .filter(line -> !line.matches(".*result=\"(ok|abandoned|too_often)\".*"))
                        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum();
            }
        }
        return sum;
    }
}
