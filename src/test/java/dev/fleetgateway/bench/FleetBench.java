package dev.fleetgateway.bench;

import dev.fleetgateway.connection.webrtc.DataChannels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Measures the gateway with one machine and with a fleet. It asserts nothing: the figures are for people, who know what else
 * the host was doing.
 *
 * <p>For a quick look: {@code -Dbench.warmup=5 -Dbench.slice=3 -Dbench.pairs=2 -Dbench.rows=calls-fleet}. The rows are those of
 * {@code calls-one}, {@code calls-fleet}, {@code calls-webrtc}, {@code acts}, {@code leases} and {@code trouble}.
 */
class FleetBench {

    private static final int FIRST_PORT = 21000;

    // The gateway lets 60 calls in flight on one resource, and the machine itself 100.
    private static final int SLOTS_ON_ONE = 48;
    private static final int SLOTS = 64;

    // A part of the fleet, so that no two move one motor: the second would replace the first, which then is told so.
    private static final int ACTS = 50;

    private static final int SOCKETS = 10;

    /** The gateway's default. */
    private static final int BEATS_PER_WINDOW = 5;

    private final double warmup = Double.parseDouble(System.getProperty("bench.warmup", "30"));
    private final double slice = Double.parseDouble(System.getProperty("bench.slice", "6"));
    private final int pairs = Integer.getInteger("bench.pairs", 5);
    private final int fleet = Integer.getInteger("bench.fleet", 1000);
    private final int dataChannels = Integer.getInteger("bench.webrtc", 100);
    private final int leases = Integer.getInteger("bench.leases", 1000);
    private final int window = Integer.getInteger("bench.window", 1000);
    private final int reads = Integer.getInteger("bench.reads", 500);
    private final Set<String> asked =
            Set.of(System.getProperty("bench.rows", "calls-one,calls-fleet,calls-webrtc,acts,leases,trouble")
                    .split(","));
    private final Path folder = Path.of("target", "bench");
    private final Scene scene = new Scene(folder.resolve("logs"));
    private final Report report = new Report(folder);

    /** The same without JUnit, for a profiler. */
    public static void main(String[] args) throws Exception {
        new FleetBench().run();
    }

    @Test
    void measure() throws IOException, InterruptedException {
        run();
    }

    private void run() throws IOException, InterruptedException {
        if (asked.contains("calls-one")) {
            calls("1 machine, " + SLOTS_ON_ONE + " calls in flight, no two equal", 1, SLOTS_ON_ONE);
        }
        if (asked.contains("calls-fleet")) {
            calls(fleet + " machines, " + SLOTS + " calls in flight, no two equal", fleet, SLOTS);
        }
        if (asked.contains("calls-webrtc")) {
            webRtc();
        }
        if (asked.contains("acts")) {
            acts();
        }
        if (asked.contains("leases")) {
            leases();
        }
        if (asked.contains("trouble")) {
            trouble();
        }
        System.out.println(report.text());
    }

    private void calls(String group, int machines, int slots) throws IOException, InterruptedException {
        try (Child simulated = scene.machines("machines-" + machines, machines, FIRST_PORT);
                Scene.Gateway gateway = scene.gateway("gateway-" + machines, machines, FIRST_PORT, machines);
                HttpRoad http = new HttpRoad(gateway.port(), machines, slots, new HttpReadings(false));
                GrpcRoad<?, ?> grpc = GrpcRoad.direct(FIRST_PORT, machines, slots, new GrpcReadings())) {
            report.add(group, "all machines READY after the start of the process", "s", gateway.readySeconds());
            Duel duel = new Duel(report, group, gateway, simulated, new Load(http, slots), new Load(grpc, slots));
            duel(duel);
            if (machines == 1) {
                shared(group, gateway, slots);
            } else {
                idle(group, gateway, machines);
            }
        }
    }

    /** The same over data channels: what they cost, and what the gateway costs when there is one on both ways. */
    private void webRtc() throws IOException, InterruptedException {
        String group = dataChannels + " machines, " + SLOTS + " calls in flight, REST over WebRTC against ";
        Cloud cloud = scene.cloud();
        try (Child simulated = scene.machines("machines-webrtc", dataChannels, FIRST_PORT, cloud.options());
                Scene.Gateway gateway =
                        scene.gateway("gateway-webrtc", cloud.fleet(dataChannels), dataChannels, cloud.settings());
                HttpRoad http = new HttpRoad(gateway.port(), dataChannels, SLOTS, new HttpReadings(false));
                GrpcRoad<?, ?> grpc = GrpcRoad.direct(FIRST_PORT, dataChannels, SLOTS, new GrpcReadings());
                DataChannels peers = cloud.peers(dataChannels);
                GrpcRoad<?, ?> webRtc = new GrpcRoad<>(peers.channels(), SLOTS, new GrpcReadings(), () -> {})) {
            report.add(
                    group + "others", "all machines READY after the start of the process", "s", gateway.readySeconds());
            Load rest = new Load(http, SLOTS);
            duel(new Duel(report, group + "direct gRPC", gateway, simulated, rest, new Load(grpc, SLOTS)));
            duel(new Duel(
                    report,
                    group + "WebRTC without a gateway",
                    gateway,
                    simulated,
                    "WebRTC",
                    rest,
                    new Load(webRtc, SLOTS)));
        }
    }

    private void duel(Duel duel) throws IOException, InterruptedException {
        duel.warmUp(warmup);
        double perSecond = duel.saturate(pairs, slice);
        duel.pace(Math.max(1, pairs - 2), slice, perSecond / 2);
    }

    /** What equal READs in flight gain by being one. */
    private void shared(String group, Scene.Gateway gateway, int slots) throws IOException, InterruptedException {
        try (HttpRoad equal = new HttpRoad(gateway.port(), 1, slots, new HttpReadings(true))) {
            Load load = new Load(equal, slots);
            load.enter();
            load.closed(slice);
            report.add(
                    group,
                    "REST, all calls in flight equal and so shared",
                    "calls/s",
                    load.closed(slice).perSecond());
        }
    }

    /** What a fleet costs that nobody calls. */
    private void idle(String group, Scene.Gateway gateway, int machines) throws IOException, InterruptedException {
        double seconds = Math.max(10, slice * 3);
        Thread.sleep(5_000);
        double before = gateway.process().cpu();
        Thread.sleep((long) (seconds * 1000));
        report.add(
                group, "idle gateway, share of a core", "", (gateway.process().cpu() - before) / seconds);
        long heap = gateway.process().liveHeap();
        long resident = gateway.process().resident();
        report.add(group, "idle gateway, live heap", "MB", heap / 1e6);
        report.add(group, "idle gateway, resident memory", "MB", resident / 1e6);
        try (Scene.Gateway none = scene.gateway("gateway-0", 0, FIRST_PORT, 0);
                HttpRoad http = new HttpRoad(none.port(), 1, 1, new HttpReadings(true))) {
            // The same code as in the other one has to be loaded, whatever the answers are.
            Load load = new Load(http, 1);
            load.enter();
            load.closed(2);
            long base = none.process().liveHeap();
            report.add(group, "gateway without machines, live heap", "MB", base / 1e6);
            report.add(group, "live heap per idle machine", "kB", (heap - base) / 1e3 / machines);
        }
    }

    /**
     * Commands that move something, let through by a lease each here and by a session each there. Only the way that is just
     * measured is present, since a thousand beating sessions would be a burden on the other.
     */
    private void acts() throws IOException, InterruptedException {
        int slots = Math.min(ACTS, fleet);
        String group = fleet + " machines under a lease each, " + slots + " SetPower in flight";
        try (Child simulated = scene.machines("machines-acts", fleet, FIRST_PORT);
                Scene.Gateway gateway = scene.gateway("gateway-acts", fleet, FIRST_PORT, fleet);
                HttpPower power = new HttpPower(gateway.port(), fleet);
                HttpRoad http = new HttpRoad(gateway.port(), fleet, slots, power);
                GrpcRoad<?, ?> grpc = GrpcRoad.direct(FIRST_PORT, fleet, slots, new GrpcPower())) {
            Duel duel = new Duel(report, group, gateway, simulated, new Load(http, slots), new Load(grpc, slots));
            duel(duel);
            report.add(group, "leases lost", "", power.lost());
        }
    }

    /** What it costs to hold a fleet that is not moved, and whether those who only look feel it. */
    private void leases() throws IOException, InterruptedException {
        String group = leases + " machines (a process of their own) with a window of " + window + " ms, leased on "
                + SOCKETS + " sockets";
        List<List<Double>> micros = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long failures = 0;
        try (Child simulated = scene.machines("machines-leases", leases, FIRST_PORT, "--window=" + window);
                Scene.Gateway gateway = scene.gateway("gateway-leases", leases, FIRST_PORT, leases);
                HttpRoad http = new HttpRoad(gateway.port(), leases, SLOTS, new HttpReadings(false));
                Holders holders = new Holders(gateway.port(), SOCKETS, leases)) {
            Load load = new Load(http, SLOTS);
            load.enter();
            load.closed(warmup);
            holders.acquire();
            load.closed(warmup / 3);
            holders.release();
            for (int i = 0; i < Math.max(1, pairs - 2); i++) {
                // Coming and going is not what is measured.
                Thread.sleep(1_000);
                Load.Sample without = load.open(slice * 2, reads);
                holders.acquire();
                Thread.sleep(1_000);
                Load.Sample with = load.open(slice * 2, reads);
                holders.release();
                double[] of = {without.p50(), without.p99(), with.p50(), with.p99()};
                for (int each = 0; each < of.length; each++) {
                    micros.get(each).add(of[each]);
                }
                failures += without.failures() + with.failures();
            }
            report.add(group, "rate of READs in the next rows", "calls/s", reads);
            report.add(group, "REST p50 of READs, no leases", "us", micros.get(0));
            report.add(group, "REST p50 of READs, all leased", "us", micros.get(2));
            report.add(group, "REST p99 of READs, no leases", "us", micros.get(1));
            report.add(group, "REST p99 of READs, all leased", "us", micros.get(3));
            report.add(group, "failed READs", "", (double) failures);
            held(group, gateway, simulated, holders);
            report.add(group, "leases lost", "", holders.lost());
            report.add(group, "errors and closed sockets told to the holders", "", holders.errors());
        }
    }

    /** The same without any call: nothing but presence. */
    private void held(String group, Scene.Gateway gateway, Child simulated, Holders holders)
            throws IOException, InterruptedException {
        double seconds = Math.max(10, slice * 3);
        Thread.sleep(3_000);
        double idle = gateway.process().cpu();
        Thread.sleep((long) (seconds * 1000));
        idle = gateway.process().cpu() - idle;
        long heap = gateway.process().liveHeap();
        holders.acquire();
        Thread.sleep(3_000);
        Scene.Beats first = scene.beats(gateway.port());
        long begun = System.nanoTime();
        double busy = gateway.process().cpu();
        double machines = simulated.cpu();
        double own = Child.cpu(ProcessHandle.current());
        Thread.sleep((long) (seconds * 1000));
        busy = gateway.process().cpu() - busy;
        machines = simulated.cpu() - machines;
        own = Child.cpu(ProcessHandle.current()) - own;
        double passed = (System.nanoTime() - begun) / 1e9;
        Scene.Beats last = scene.beats(gateway.port());
        long leased = gateway.process().liveHeap();
        holders.release();
        double beats = last.all() - first.all();
        report.add(group, "beats of sessions due", "beats/s", leases * BEATS_PER_WINDOW * 1000.0 / window);
        report.add(group, "beats of sessions sent", "beats/s", beats / passed);
        report.add(group, "share of beats not answered with OK", "", (last.others() - first.others()) / beats);
        report.add(group, "gateway, no leases, share of a core", "", idle / seconds);
        report.add(group, "gateway, all leased, share of a core", "", busy / passed);
        report.add(group, "the machines meanwhile, share of a core", "", machines / passed);
        report.add(group, "the holders meanwhile, share of a core", "", own / passed);
        report.add(group, "gateway, no leases, live heap", "MB", heap / 1e6);
        report.add(group, "gateway, all leased, live heap", "MB", leased / 1e6);
        report.add(group, "live heap per lease", "kB", (leased - heap) / 1e3 / leases);
    }

    /** Whether a tenth of the fleet in trouble is felt by the rest: half of it hangs, half of it refuses. */
    private void trouble() throws IOException, InterruptedException {
        String group = fleet + " machines, a tenth of them in trouble (half hang, half refuse)";
        int bad = fleet / 20;
        int good = fleet - 2 * bad;
        List<Double> well = new ArrayList<>();
        List<Double> ill = new ArrayList<>();
        List<Double> wellMedian = new ArrayList<>();
        List<Double> illMedian = new ArrayList<>();
        try (Child _ = scene.machines("sound", good, FIRST_PORT);
                Child hanging = scene.machines("hanging", bad, FIRST_PORT + good)) {
            double rate;
            Child refusing = scene.machines("refusing", bad, FIRST_PORT + good + bad);
            try (Scene.Gateway gateway = scene.gateway("gateway-trouble", fleet, FIRST_PORT, fleet);
                    HttpRoad http = new HttpRoad(gateway.port(), good, SLOTS, new HttpReadings(false))) {
                Load load = new Load(http, SLOTS);
                load.enter();
                load.closed(warmup);
                rate = load.closed(slice).perSecond() / 2;
                for (int i = 0; i < Math.max(1, pairs - 2); i++) {
                    Load.Sample before = load.open(slice * 2, rate);
                    hanging.pause();
                    refusing.close();
                    // From the moment it happens: that it is noticed is part of the trouble.
                    Load.Sample during = load.open(slice * 2, rate);
                    well.add(before.p99());
                    ill.add(during.p99());
                    wellMedian.add(before.p50());
                    illMedian.add(during.p50());
                    hanging.resume();
                    refusing = scene.machines("refusing", bad, FIRST_PORT + good + bad);
                    gateway.process().await("all READY again", 120, () -> scene.ready(gateway.port()) == fleet);
                }
            } finally {
                refusing.close();
            }
            report.add(group, "rate to the machines that are well", "calls/s", rate);
            report.add(group, "REST p50 of those, all are well", "us", wellMedian);
            report.add(group, "REST p50 of those, a tenth is not", "us", illMedian);
            report.add(group, "REST p99 of those, all are well", "us", well);
            report.add(group, "REST p99 of those, a tenth is not", "us", ill);
            hanging.pause();
            try (Scene.Gateway again = scene.gateway("gateway-ill-start", fleet, FIRST_PORT, good)) {
                report.add(group, "those READY after a start into that trouble", "s", again.readySeconds());
            }
        }
    }
}
