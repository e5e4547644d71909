package dev.fleetgateway.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Watches a big fleet of which a part loses the internet at once: what it costs, and when what is said of whom. It asserts nothing, as
 * {@link FleetBench}; run by {@code ./mvnw -Pbench -Dit.test=SyncScale verify}.
 */
class SyncScale {

    private static final int FIRST_PORT = 20_000;
    private static final Pattern TOTAL = Pattern.compile("\"total\":(\\d+)}$");
    private static final Pattern NUMBER = Pattern.compile("\"name\":\"machine-(\\d+)\"");

    private final int fleet = Integer.getInteger("bench.scale", 10_000);
    private final int lost = Integer.getInteger("bench.lost", 3_000);
    private final Path folder = Path.of("target", "bench-sync");
    private final Scene scene = new Scene(folder.resolve("logs"));
    private final Report report = new Report(folder);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    @Test
    void measure() throws IOException, InterruptedException {
        String group = fleet + " machines, " + lost + " of them lose the internet";
        // Two processes: a machine takes two of the file descriptors that one may have.
        int half = Math.max(lost, fleet / 2);
        try (Child machines = scene.machines("machines", half, FIRST_PORT, "--managed", "--data");
                Child _ = scene.machines("others", fleet - half, FIRST_PORT + half, "--managed", "--data");
                Scene.Gateway gateway = scene.gateway(
                        "gateway", Scene.fleet(fleet, FIRST_PORT), fleet, List.of("-Xmx700m", "-Xss512k"))) {
            Child process = gateway.process();
            report.add(group, "all READY after the start of the process", "s", gateway.readySeconds());
            long began = System.nanoTime();
            process.await("all ACTIVE", 180, () -> of(gateway, "ACTIVE") == fleet);
            report.add(group, "all ACTIVE after that", "s", seconds(began));

            double before = process.cpu();
            long since = System.nanoTime();
            Thread.sleep(60_000);
            report.add(group, "idle: CPU", "cores", (process.cpu() - before) / seconds(since));
            report.add(group, "idle: heap alive after a full collection", "MB", process.liveHeap() / 1e6);
            report.add(group, "idle: resident", "MB", process.resident() / 1e6);

            Thread reader = Thread.ofPlatform().daemon().start(() -> read(gateway));
            Thread.sleep(20_000);
            long framesBefore = frames.get();
            before = process.cpu();
            since = System.nanoTime();
            Thread.sleep(30_000);
            report.add(group, "one reader: CPU", "cores", (process.cpu() - before) / seconds(since));
            report.add(group, "one reader: frames", "/s", (frames.get() - framesBefore) / seconds(since));

            before = process.cpu();
            since = System.nanoTime();
            machines.say("lose-internet " + lost, "lost " + lost, 30);
            loses(group, gateway, since);
            report.add(group, "while it is lost: CPU", "cores", (process.cpu() - before) / seconds(since));
            report.add(group, "while it is lost: resident", "MB", process.resident() / 1e6);
            report.add(group, "while it is lost: frames", "/s", (frames.get() - framesBefore) / seconds(since));

            since = System.nanoTime();
            machines.say("mend", "mended", 30);
            process.await("all ACTIVE again", 120, () -> of(gateway, "ACTIVE") == fleet);
            report.add(group, "all ACTIVE again after the end", "s", seconds(since));
            report.add(group, "read by the reader", "MB", bytes.get() / 1e6);
            reader.interrupt();
        }
        System.out.println(report.text());
    }

    private void loses(String group, Scene.Gateway gateway, long since) throws IOException, InterruptedException {
        double first = -1;
        double all = -1;
        int wrong = 0;
        double slowest = 0;
        while (seconds(since) < 120 && all < 0) {
            long asked = System.nanoTime();
            int paused = of(gateway, "PAUSED");
            slowest = Math.max(slowest, seconds(asked) * 1000);
            if (paused > 0 && first < 0) {
                first = seconds(since);
            }
            if (paused >= lost) {
                all = seconds(since);
            }
            Thread.sleep(250);
        }
        // Whoever is paused and did not lose it.
        String token = "";
        int seen = 0;
        while (token != null) {
            String page = get(gateway, "/api/v1/machines?sync=PAUSED&pageSize=500" + token);
            Matcher names = NUMBER.matcher(page);
            while (names.find()) {
                seen++;
                wrong += Integer.parseInt(names.group(1)) < lost ? 0 : 1;
            }
            Matcher next = Pattern.compile("\"nextPageToken\":\"([^\"]+)\"").matcher(page);
            token = next.find() ? "&pageToken=" + next.group(1) : null;
        }
        report.add(group, "the first PAUSED after the loss", "s", first);
        report.add(group, "all PAUSED after the loss", "s", all);
        report.add(group, "PAUSED then", "", (double) seen);
        report.add(group, "of them wrongly", "", (double) wrong);
        report.add(group, "the slowest count meanwhile", "ms", slowest);
        long asked = System.nanoTime();
        String page = get(gateway, "/api/v1/machines?pageSize=200");
        report.add(group, "a page of 200", "ms", seconds(asked) * 1000);
        report.add(group, "its size", "kB", page.length() / 1e3);
    }

    /** Reads the feed, as a page does, until it is interrupted or the gateway ends. */
    private void read(Scene.Gateway gateway) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                http.send(
                                HttpRequest.newBuilder(uri(gateway, "/api/v1/events"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                bytes.addAndGet(line.length());
                if (line.startsWith("event:")) {
                    frames.incrementAndGet();
                }
                line = lines.readLine();
            }
        } catch (IOException e) {
            System.out.println("The reader ended: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int of(Scene.Gateway gateway, String state) throws IOException, InterruptedException {
        Matcher total = TOTAL.matcher(get(gateway, "/api/v1/machines?sync=" + state + "&pageSize=1"));
        return total.find() ? Integer.parseInt(total.group(1)) : -1;
    }

    private String get(Scene.Gateway gateway, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(gateway, path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static URI uri(Scene.Gateway gateway, String path) {
        return URI.create("http://127.0.0.1:" + gateway.port() + path);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
