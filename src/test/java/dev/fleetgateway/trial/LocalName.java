package dev.fleetgateway.trial;

import dev.fleetgateway.trial.Rounds.Measure;
import java.io.IOException;
import java.util.List;

/** That a machine with a {@code .local.viam.cloud} name is never looked for beyond the networks that are listed, packet by packet. */
final class LocalName {

    private final RouteScene scene;
    private final Rounds rounds;

    LocalName(RouteScene scene, Rounds rounds) {
        this.scene = scene;
        this.rounds = rounds;
    }

    /** What was seen to leave by the interfaces that are not listed, since one was made. */
    private final class Count {

        private final long before = sum();

        Table.Run run() throws IOException, InterruptedException {
            return new Table.Run(sum() - before, sum() == before ? "" : "they left");
        }

        private long sum() throws IOException, InterruptedException {
            String internet = scene.stage().read("g", "cat", "/sys/class/net/to-r/statistics/tx_packets");
            String others = scene.stage().read("g", "iptables", "-w", "-t", "mangle", "-L", "POSTROUTING", "-vnx");
            return Long.parseLong(internet.strip())
                    + others.lines()
                            .filter(line -> line.contains("trial"))
                            .mapToLong(line -> Long.parseLong(line.strip().split(" +", -1)[0]))
                            .sum();
        }

        private Count() throws IOException, InterruptedException {}
    }

    void all(int runs) throws Exception {
        List<Measure> measures = List.of(
                Measure.none("packets that left, by the start"),
                Measure.none("... as m1 turns under a lease"),
                Measure.none("... unplugged at the gateway for 30 s"),
                Measure.none("... plugged in again"),
                Measure.none("... unplugged at the machine for 30 s"),
                Measure.none("... plugged in again"));
        rounds.check("`.local.viam.cloud`, one interface listed", measures, runs, this::run);
    }

    private List<Table.Run> run() throws Exception {
        Internet internet = scene.internet();
        scene.endGateway();
        internet.mend();
        Thread.sleep(3_000);
        Count start = new Count();
        scene.startGateway(
                scene.managed(RouteScene.LOCAL_NAME), RouteScene.cloud().replace(", known-file: ''", ""));
        scene.settle("LAN");
        Table.Run started = start.run();
        try (Reads _ = new Reads(scene.rest());
                Holder holder = new Holder(scene.rest())) {
            Count run = new Count();
            holder.power("5s").ok();
            Thread.sleep(10_000);
            Table.Run ran = run.run();
            Count unplugging = new Count();
            internet.unplugGateway();
            Table.Run unplugged = away(holder, unplugging);
            Table.Run plugged = back();
            Count pulling = new Count();
            internet.unplugMachine();
            Table.Run pulled = away(holder, pulling);
            return List.of(started, ran, unplugged, plugged, pulled, back());
        }
    }

    private Table.Run away(Holder holder, Count count) throws Exception {
        for (int second = 0; second < 30; second++) {
            holder.power("500ms");
            Thread.sleep(500);
        }
        Thread.sleep(10_000);
        return count.run();
    }

    private Table.Run back() throws Exception {
        Count count = new Count();
        scene.internet().plug();
        scene.await("the LAN carries", 40, () -> RouteScene.kind("LAN").test(scene.route()));
        Thread.sleep(5_000);
        return count.run();
    }
}
