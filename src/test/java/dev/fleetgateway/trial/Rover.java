package dev.fleetgateway.trial;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real machine in a namespace of its own, with a cloud of its own beyond the router. The cloud tells how often it was asked for
 * the machine's configuration, which is the truth that what the gateway says is held against.
 */
final class Rover implements AutoCloseable {

    private static final String ID = "the-key";
    private static final String KEY = "the-secret";

    private final Stage stage;
    private final String viamServer;
    private final String name;
    private final int number;
    private final List<Long> reads = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private @Nullable Process cloud;
    private @Nullable BufferedReader answers;
    private @Nullable Process server;

    Rover(Stage stage, String viamServer, String name, int number) {
        this.stage = stage;
        this.viamServer = viamServer;
        this.name = name;
        this.number = number;
    }

    String name() {
        return name;
    }

    private String fqdn() {
        return name + ".trial.viam.cloud";
    }

    private Path folder() {
        return stage.folder().resolve(name);
    }

    /** The clouds are on two hosts, as two signs of the internet that do not depend on each other. */
    private String host() {
        return "198.18.0." + (2 + number % 2);
    }

    private int port() {
        return 8443 + number;
    }

    /** Starts its cloud. */
    void openCloud(String resources, int refresh) throws IOException, InterruptedException {
        Files.createDirectories(folder());
        Path file = folder().resolve("resources.json");
        Files.writeString(file, resources);
        Files.writeString(folder().resolve("key"), KEY);
        Process process = stage.java(
                "k",
                null,
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "dev.fleetgateway.simulator.CloudMain",
                "--folder=" + folder(),
                "--address=" + host(),
                "--port=" + port(),
                "--fqdn=" + fqdn(),
                "--key=" + ID + ":" + KEY,
                "--refresh=" + refresh,
                "--resources=" + file);
        cloud = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
        Stage.await("the cloud of " + name + " is there", 60, () -> Files.exists(folder().resolve("viam.json")));
        var _ = clock.scheduleAtFixedRate(this::count, 0, 500, TimeUnit.MILLISECONDS);
    }

    private void count() {
        try {
            tell("show");
        } catch (IOException | IllegalStateException e) {
            System.err.println("not known how often " + name + " reads: " + e);
        }
    }

    /** Has the cloud do something, and says when it did. */
    synchronized long tell(String verb) throws IOException {
        Process process = Objects.requireNonNull(cloud);
        process.outputWriter(StandardCharsets.UTF_8).append(verb).append('\n').flush();
        long at = System.nanoTime();
        while (true) {
            String line = Objects.requireNonNull(answers).readLine();
            if (line == null) {
                throw new IllegalStateException("The cloud of " + name + " has ended");
            }
            if (line.startsWith(verb)) {
                long known = Long.parseLong(line.substring(line.indexOf("reads=") + "reads=".length()));
                while (reads.size() < known) {
                    reads.add(at);
                }
                return at;
            }
        }
    }

    /** Has the cloud tell it other resources from now on. */
    long configure(String resources) throws IOException {
        Path file = folder().resolve("resources-now.json");
        Files.writeString(file, resources);
        return tell("resources " + file);
    }

    /** When the cloud was asked, to half a second. */
    List<Long> reads() {
        return reads;
    }

    /** A reading of {@link System#nanoTime} for people. */
    static Instant clock(long at) {
        return Instant.now().minusNanos(System.nanoTime() - at);
    }

    /** When it was first asked after then and went on to be. What it was asked while it was silent, it hears late. */
    Optional<Long> firstOfSeries(long after) {
        return reads.stream()
                .filter(at -> at - after > 0)
                .filter(at -> reads.stream()
                        .anyMatch(next ->
                                next - at > TimeUnit.SECONDS.toNanos(5) && next - at < TimeUnit.SECONDS.toNanos(20)))
                .findFirst();
    }

    /** When it was last asked before then. */
    long lastRead(long before) {
        return reads.stream()
                .filter(at -> at - before <= 0)
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    /** Starts the machine as its cloud has it. */
    long start() throws IOException {
        return start(folder().resolve("viam.json"));
    }

    /** Starts it as it is written here, without a cloud. */
    long startAlone(String config) throws IOException {
        Files.createDirectories(folder());
        Path file = folder().resolve("alone.json");
        Files.writeString(file, config);
        return start(file);
    }

    private long start(Path config) throws IOException {
        long at = System.nanoTime();
        // One that starts without its cloud takes all the processor that it gets.
        server = stage.start(
                "m" + number,
                name + "-server.log",
                "nice",
                "-n",
                "5",
                "env",
                "HOME=" + folder(),
                "VIAM_HOME=" + folder(),
                "SSL_CERT_FILE=" + folder().resolve("ca.pem"),
                viamServer,
                "-config",
                config.toString());
        return at;
    }

    void end() throws InterruptedException {
        Stage.end(server);
    }

    /** Keeps it from the gateways' eyes. */
    void unplug() throws IOException, InterruptedException {
        unplug("g");
    }

    void plug() throws IOException, InterruptedException {
        plug("g");
    }

    /** Pulls its LAN's cable out of one of them. */
    void unplug(String gateway) throws IOException, InterruptedException {
        stage.ip(gateway, "link", "set", "to-m" + number, "down");
    }

    void plug(String gateway) throws IOException, InterruptedException {
        stage.ip(gateway, "link", "set", "to-m" + number, "up");
    }

    private JsonNode kept() throws IOException {
        try (var files = Files.list(folder())) {
            Path cached = files.filter(file -> file.getFileName().toString().startsWith("cached_cloud_config"))
                    .findFirst()
                    .orElseThrow();
            return JsonMapper.shared().readTree(Files.readString(cached)).path("cloud");
        }
    }

    /**
     * How a gateway has it written down.
     *
     * @param lan which of its LANs the gateway is on
     */
    String settings(int lan) {
        return """
                %s:
                  address: %s
                  credentials: {id: %s, key-file: %s/key}
                  tls: {bundle: %s, server-name: %s}
                  signaling: {address: '%s:%d', host: %s, tls: {bundle: %s}}
                """.formatted(name, address(lan), ID, folder(), name, fqdn(), host(), port(), fqdn(), name);
    }

    /** That its cloud is asked, too. */
    String cloudSettings() {
        return """
                  cloud:
                    address: %s:%d
                    credentials: {id: %s, key-file: %s/key}
                    refresh: 1m
                    tls: {bundle: %s}
                """.formatted(host(), port(), ID, folder(), name);
    }

    /** In which namespace it is. */
    String namespace() {
        return "m" + number;
    }

    /** The same, of one that nobody manages. */
    String openSettings(int lan) {
        return """
                %s:
                  address: %s
                  tls: {mode: PLAINTEXT}
                """.formatted(name, address(lan));
    }

    private String address(int lan) {
        return "10.99.%d.2:8080".formatted(lan + number);
    }

    /** What its callers are to trust, as a line of the gateway's settings. */
    String bundle() {
        return "spring.ssl.bundle.pem.%s.truststore.certificate: file:%s/ca.pem\n".formatted(name, folder());
    }

    /** What it needs to prove itself and know its callers as before, where no cloud tells it any more. */
    String proofs() throws IOException {
        JsonNode kept = kept();
        Path certificate = folder().resolve("certificate.pem");
        Path key = folder().resolve("private-key.pem");
        Files.writeString(certificate, kept.path("tls_certificate").asString());
        Files.writeString(key, kept.path("tls_private_key").asString());
        return """
                "network": {"fqdn": "%s", "bind_address": "0.0.0.0:8080", "tls_cert_file": "%s", "tls_key_file": "%s"},
                "auth": {"handlers": [{"type": "api-key", "config": {"%s": "%s", "keys": ["%s"]}}]}""".formatted(fqdn(), certificate, key, ID, KEY, ID);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
