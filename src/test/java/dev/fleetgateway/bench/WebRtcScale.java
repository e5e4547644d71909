package dev.fleetgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Measures what many connections by WebRTC cost one gateway: memory and threads while they stand, and what is left of them when they
 * come and go. It asserts nothing, as {@link FleetBench}; run by {@code ./mvnw -Pbench -Dit.test=WebRtcScale verify}.
 */
class WebRtcScale {

    private static final int FIRST_PORT = 21000;

    /** The whole heap is resident from the start, so that whatever the process grows by is not of the heap. */
    private static final List<String> HEAP = List.of("-Xms384m", "-Xmx384m", "-XX:+AlwaysPreTouch");

    /** At once, so that they dial beside each other as a fleet does. */
    private static final int BATCH = 50;

    private static final int SMALL_BURST = 20;
    private static final int SMALL_RATE = 12;
    private static final int WATCHED_SECONDS = 60;

    private final int fleet = Integer.getInteger("bench.scale", 300);
    private final int reconnects = Integer.getInteger("bench.reconnects", 1000);
    private final Path folder = Path.of("target", "bench-webrtc");
    private final Scene scene = new Scene(folder.resolve("logs"));
    private final Report report = new Report(folder);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void measure() throws IOException, InterruptedException {
        Cloud cloud = scene.cloud();
        try (Child machines = scene.machines("machines", fleet, FIRST_PORT, cloud.options())) {
            Held single = stands("direct-one", Scene.fleet(1, FIRST_PORT), 1, cloud);
            Held direct = stands("direct", Scene.fleet(fleet, FIRST_PORT), fleet, cloud);
            Held one = stands("one", cloud.fleet(1), 1, cloud);
            comesAndGoes(cloud, single, direct, one, machines);
            isBounded(cloud);
        }
        System.out.println(report.text());
    }

    /** What a gateway holds. */
    private record Held(double heap, double resident, double threads) {

        static Held by(Child gateway) throws IOException, InterruptedException {
            Thread.sleep(3_000);
            double heap = gateway.liveHeap() / 1e3;
            return new Held(heap, gateway.resident() / 1e3, gateway.threads());
        }
    }

    private Held stands(String name, String machines, int ready, Cloud cloud) throws IOException, InterruptedException {
        try (Scene.Gateway gateway = scene.gateway("gateway-" + name, machines, ready, settings(cloud))) {
            return Held.by(gateway.process());
        }
    }

    private static List<String> settings(Cloud cloud) {
        List<String> settings = new ArrayList<>(cloud.settings());
        settings.addAll(HEAP);
        return settings;
    }

    private void comesAndGoes(Cloud cloud, Held single, Held direct, Held one, Child machines)
            throws IOException, InterruptedException {
        String group = fleet + " machines";
        try (Scene.Gateway gateway = scene.gateway("gateway-all", cloud.fleet(fleet), fleet, settings(cloud))) {
            Child process = gateway.process();
            Held all = Held.by(process);
            report.add(group, "all READY over WebRTC after the start of the process", "s", gateway.readySeconds());
            report.add(group, "heap per machine, direct gRPC", "kB", (direct.heap - single.heap) / (fleet - 1));
            report.add(group, "heap per machine, WebRTC", "kB", (all.heap - one.heap) / (fleet - 1));
            report.add(
                    group,
                    "outside the heap per machine, direct gRPC",
                    "kB",
                    (direct.resident - single.resident) / (fleet - 1));
            report.add(
                    group, "outside the heap per machine, WebRTC", "kB", (all.resident - one.resident) / (fleet - 1));
            report.add(group, "outside the heap, the library itself", "MB", (one.resident - single.resident) / 1e3);
            report.add(group, "threads, 1 direct gRPC", "", single.threads);
            report.add(group, "threads, all direct gRPC", "", direct.threads);
            report.add(group, "threads, 1 over WebRTC", "", one.threads);
            report.add(group, "threads, all over WebRTC", "", all.threads);

            List<Double> resident = new ArrayList<>(List.of(all.resident));
            List<Double> heap = new ArrayList<>(List.of(all.heap));
            List<Double> beside = new ArrayList<>(List.of(machines.resident() / 1e3));
            int rounds = reconnects / BATCH;
            long begun = System.nanoTime();
            for (int round = 0; round < rounds; round++) {
                reconnect(gateway, round);
                if ((round + 1) % 4 == 0) {
                    heap.add(process.liveHeap() / 1e3);
                    resident.add(process.resident() / 1e3);
                    beside.add(machines.resident() / 1e3);
                }
            }
            double took = (System.nanoTime() - begun) / 1e9;
            Held then = Held.by(process);
            int done = rounds * BATCH;
            int points = resident.size();
            int half = points / 2;
            report.add(group, "reconnects, " + BATCH + " at once", "/s", done / took);
            report.add(group, "outside the heap per reconnect", "kB", (then.resident - all.resident) / done);
            report.add(
                    group,
                    "outside the heap per reconnect, the second half",
                    "kB",
                    (resident.getLast() - resident.get(half)) / ((points - 1 - half) * 4.0 * BATCH));
            report.add(
                    group,
                    "resident memory of the machines' process per reconnect",
                    "kB",
                    (beside.getLast() - beside.getFirst()) / done);
            report.add(group, "resident memory after each " + 4 * BATCH, "kB", resident);
            report.add(group, "heap after each " + 4 * BATCH, "kB", heap);
            report.add(group, "threads after " + done + " reconnects", "", then.threads);
        }
    }

    private void reconnect(Scene.Gateway gateway, int round) throws IOException, InterruptedException {
        List<Integer> some = IntStream.range(round * BATCH, round * BATCH + Math.min(BATCH, fleet))
                .mapToObj(each -> each % fleet)
                .toList();
        for (int machine : some) {
            post(gateway, machine, "disconnect");
        }
        gateway.process().await("some parked", 30, () -> scene.ready(gateway.port()) == fleet - some.size());
        for (int machine : some) {
            post(gateway, machine, "connect");
        }
        gateway.process().await("all READY again", 120, () -> scene.ready(gateway.port()) == fleet);
    }

    /** More machines than the settings let it dial. */
    private void isBounded(Cloud cloud) throws IOException, InterruptedException {
        int asked = Math.min(fleet, 3 * SMALL_BURST);
        String group = "burst=" + SMALL_BURST + ", dials-per-minute=" + SMALL_RATE + ", " + asked + " machines";
        List<String> settings = new ArrayList<>(settings(cloud));
        settings.removeIf(each -> each.startsWith("--gateway.webrtc"));
        settings.add("--gateway.webrtc.burst=" + SMALL_BURST);
        settings.add("--gateway.webrtc.dials-per-minute=" + SMALL_RATE);
        try (Scene.Gateway gateway = scene.gateway("gateway-bounded", cloud.fleet(asked), SMALL_BURST, settings)) {
            report.add(group, "READY at first", "", (double) scene.ready(gateway.port()));
            Thread.sleep(WATCHED_SECONDS * 1000L);
            report.add(group, "READY " + WATCHED_SECONDS + " s later", "", (double) scene.ready(gateway.port()));
            int said = 0;
            String reason = "";
            for (int machine = 0; machine < asked; machine++) {
                String route = get(gateway, machine, "route");
                if (route.contains("gateway.webrtc.dials-per-minute")) {
                    said++;
                    reason = route;
                }
            }
            report.add(group, "connections made by then", "", scene.peersMade(gateway.port()));
            report.add(group, "machines whose candidate says why", "", (double) said);
            System.out.println("One of them: " + reason);
        }
    }

    private void post(Scene.Gateway gateway, int machine, String verb) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(uri(gateway, machine, verb))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IllegalStateException("No " + verb + ": " + answer.body());
        }
    }

    private String get(Scene.Gateway gateway, int machine, String part) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(uri(gateway, machine, part)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static URI uri(Scene.Gateway gateway, int machine, String part) {
        return URI.create("http://127.0.0.1:" + gateway.port() + "/api/v1/machines/machine-" + machine + "/" + part);
    }
}
