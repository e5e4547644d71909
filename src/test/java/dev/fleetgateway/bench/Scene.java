package dev.fleetgateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts the machines and the gateway, each in a process of its own. */
final class Scene {

    private static final Pattern TOTAL = Pattern.compile("\"total\":(\\d+)}$");
    private static final Pattern BEATS =
            Pattern.compile("^gateway_session_beats_total\\{[^}]*result=\"(\\w+)\"[^}]*} (\\S+)", Pattern.MULTILINE);
    private static final Pattern PEERS =
            Pattern.compile("^gateway_webrtc_connections_total(?:\\{[^}]*})? (\\S+)", Pattern.MULTILINE);
    private static final List<String> NATIVE =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final Path logs;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Scene(Path logs) {
        this.logs = logs;
    }

    /** The gateway, the port it listens on, and how long after its start it reached all machines. */
    record Gateway(Child process, int port, double readySeconds) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    /** Machines on consecutive ports. */
    Child machines(String name, int count, int firstPort, String... options) throws IOException, InterruptedException {
        return machines(name, count, firstPort, List.of(options));
    }

    /** Machines on consecutive ports, with these further options of theirs. */
    Child machines(String name, int count, int firstPort, List<String> options)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(NATIVE);
        arguments.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.fleetgateway.simulator.SimulatorMain",
                "--machines=" + count,
                "--first-port=" + firstPort));
        arguments.addAll(options);
        Child child = Child.java(logs.resolve(name + ".log"), arguments);
        child.awaitWords("ready machines=" + count, 120);
        return child;
    }

    /** The gateway with machines on those ports, waited for until so many are READY. */
    Gateway gateway(String name, int machines, int firstPort, int ready) throws IOException, InterruptedException {
        return gateway(name, fleet(machines, firstPort), ready, List.of());
    }

    /** The settings of machines on those ports. */
    static String fleet(int machines, int firstPort) {
        StringBuilder fleet = new StringBuilder();
        for (int i = 0; i < machines; i++) {
            fleet.append(
                    "machine-%d: { address: '127.0.0.1:%d', tls: { mode: PLAINTEXT } }%n".formatted(i, firstPort + i));
        }
        return fleet.toString();
    }

    /** A cloud for machines that are reached by WebRTC. */
    Cloud cloud() throws IOException {
        Files.createDirectories(logs);
        return new Cloud(freePort(), logs.resolve("cloud.pem").toAbsolutePath());
    }

    /**
     * The gateway with those machines, waited for until so many are READY.
     *
     * @param settings further ones; what begins with {@code -X} is the JVM's
     */
    Gateway gateway(String name, String fleet, int ready, List<String> settings)
            throws IOException, InterruptedException {
        Path file = logs.resolve(name + "-machines.yml");
        Files.createDirectories(logs);
        Files.writeString(file, fleet);
        int port = freePort();
        List<String> arguments = new ArrayList<>(NATIVE);
        String jvm = System.getProperty("bench.gateway.jvm", "");
        if (!jvm.isBlank()) {
            arguments.addAll(List.of(jvm.split(" ")));
        }
        settings.stream().filter(each -> each.startsWith("-X")).forEach(arguments::add);
        String jar = System.getProperty("bench.jar", "");
        arguments.addAll(
                jar.isEmpty()
                        ? List.of("-cp", System.getProperty("java.class.path"), "dev.fleetgateway.FleetGateway")
                        : List.of("-jar", jar));
        arguments.add("--server.port=" + port);
        arguments.add("--gateway.machines-file=" + file);
        settings.stream().filter(each -> !each.startsWith("-X")).forEach(arguments::add);
        arguments.add("--gateway.discovery.mdns=false");
        arguments.add("--gateway.discovery.known-file=");
        long begun = System.nanoTime();
        Child child = Child.java(logs.resolve(name + ".log"), arguments);
        try {
            child.await(ready + " machines READY", 180, () -> ready(port) >= ready);
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
        return new Gateway(child, port, (System.nanoTime() - begun) / 1e9);
    }

    /** How many machines are READY; none while the gateway does not listen yet. */
    int ready(int port) throws InterruptedException {
        try {
            URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/machines?connection=READY&pageSize=1");
            String page = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            Matcher matcher = TOTAL.matcher(page);
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    /** How many beats of sessions the gateway has sent so far, by what came of them. */
    Beats beats(int port) throws IOException, InterruptedException {
        double ok = 0;
        double others = 0;
        Matcher matcher = BEATS.matcher(meters(port));
        while (matcher.find()) {
            double count = Double.parseDouble(matcher.group(2));
            if (matcher.group(1).equals("ok")) {
                ok += count;
            } else {
                others += count;
            }
        }
        return new Beats(ok, others);
    }

    /** How many connections by WebRTC the gateway has made so far. */
    double peersMade(int port) throws IOException, InterruptedException {
        Matcher matcher = PEERS.matcher(meters(port));
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    private String meters(int port) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/prometheus");
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /**
     * Beats of sessions.
     *
     * @param others those that the machine did not answer with OK
     */
    record Beats(double ok, double others) {

        double all() {
            return ok + others;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
