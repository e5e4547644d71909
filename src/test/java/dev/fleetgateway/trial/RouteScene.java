package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The namespaces of the route trial with what runs in them: machine and sampler, gateway, cloud. */
final class RouteScene implements AutoCloseable {

    static final String NAME = "rover.trial.viam.cloud";
    static final String LOCAL_NAME = "rover.trial.local.viam.cloud";

    private static final String ID = "the-key";
    private static final String KEY = "the-secret";
    private static final String CLOUD = "198.18.0.2";

    private final Stage stage;
    private final Internet internet;
    private final String viamServer;
    private final String jar;
    private final Rest rest = new Rest();
    private @Nullable Process machine;
    private @Nullable Process gateway;
    private String running = "";
    private @Nullable Process sampling;
    private @Nullable Motors motors;

    RouteScene(String prefix, Path folder, String viamServer, String jar) {
        this.stage = new Stage(prefix, folder);
        this.internet = new Internet(stage);
        this.viamServer = viamServer;
        this.jar = jar;
    }

    Stage stage() {
        return stage;
    }

    Internet internet() {
        return internet;
    }

    Rest rest() {
        return rest;
    }

    Motors motors() {
        return Objects.requireNonNull(motors);
    }

    Process gateway() {
        return Objects.requireNonNull(gateway);
    }

    String jar() {
        return jar;
    }

    /** Starts what is beyond the router. */
    void openCloud() throws IOException, InterruptedException {
        Files.writeString(stage.folder().resolve("key"), KEY);
        stage.java("k", "names.log", NoNames.class.getName(), CLOUD);
        stage.java(
                "k",
                "cloud.log",
                "dev.fleetgateway.simulator.CloudMain",
                "--folder=" + cloudFolder(),
                "--address=" + CLOUD,
                "--fqdn=" + NAME,
                "--key=" + ID + ":" + KEY);
        await("the cloud is there", 30, () -> Files.exists(cloudFolder().resolve("viam.json")));
    }

    private Path cloudFolder() {
        return stage.folder().resolve("cloud");
    }

    /** Has the cloud manage the machine, from now on. */
    void startManaged() throws IOException, InterruptedException {
        startMachine("m", cloudFolder().resolve("viam.json").toString(), cloudFolder() + "/ca.pem", NAME, ID, KEY);
    }

    /** Has nobody manage the machine, from now on, wherever it stands. */
    void startUnmanaged(String namespace, String config) throws IOException, InterruptedException {
        Path file = stage.folder().resolve("machine.json");
        Files.writeString(file, config);
        startMachine(namespace, file.toString());
    }

    private void startMachine(String namespace, String config, String... sampler)
            throws IOException, InterruptedException {
        Stage.end(sampling);
        Stage.end(machine);
        machine = stage.start(
                namespace,
                "viam-server.log",
                "env",
                "SSL_CERT_FILE=" + cloudFolder().resolve("ca.pem"),
                viamServer,
                "-config",
                config);
        Path samples = stage.folder().resolve("sampler-" + machine.pid() + ".txt");
        Process process =
                stage.urgentJava(namespace, samples.getFileName().toString(), with(Sampler.class.getName(), sampler));
        sampling = process;
        Motors began = new Motors(process, samples);
        motors = began;
        await(
                "the machine's motors can be asked",
                60,
                () -> began.first("m2", "off", 0).isPresent());
    }

    private static String[] with(String first, String... others) {
        String[] all = new String[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    /** Has the gateway run with these settings for its one machine, and these for all, unless it does so already. */
    void keepGateway(String machineSettings, String settings) throws IOException, InterruptedException {
        if (gateway == null
                || !gateway.isAlive()
                || !settings(machineSettings, settings).equals(running)) {
            startGateway(machineSettings, settings);
        }
    }

    /** Starts it anew. */
    void startGateway(String machineSettings, String settings) throws IOException, InterruptedException {
        endGateway();
        running = settings(machineSettings, settings);
        Files.writeString(stage.folder().resolve("gateway.yml"), running);
        gateway = stage.gateway("g", "gateway.log", jar, "gateway.yml");
        await("the gateway answers", 60, () -> rest.ask("GET", "", null, null).status() == 200);
    }

    /** Another gateway, which has no LAN. */
    Process startOther(String namespace, int port) throws IOException {
        String file = "gateway-" + port;
        Files.writeString(
                stage.folder().resolve(file + ".yml"),
                "server.port: " + port + "\n"
                        + settings(managed(NAME), cloudOnly() + "discovery: {mdns: false, known-file: ''}"));
        return stage.gateway(namespace, file + ".log", jar, file + ".yml");
    }

    void endGateway() throws InterruptedException {
        Stage.end(gateway);
    }

    /** The settings of a gateway. */
    String settings(String machineSettings, String settings) {
        return """
                spring.ssl.bundle.pem.trial.truststore.certificate: file:%s/ca.pem
                logging.level.dev.fleetgateway: DEBUG
                gateway:
                  machines:
                    rover-1:
                %s
                %s
                """.formatted(cloudFolder(), machineSettings.indent(6), settings.indent(2));
    }

    /** How a managed machine is written down, by one of its names. */
    String managed(String name) {
        return """
                address: %s
                credentials: {id: %s, key-file: %s/key}
                tls: {bundle: trial}
                """.formatted(name, ID, stage.folder());
    }

    /** How the cloud is written down. */
    static String cloudOnly() {
        return "signaling: {address: %s:8443, tls: {bundle: trial}}\n".formatted(CLOUD);
    }

    /** How the cloud and the LAN are written down. */
    static String cloud() {
        return cloudOnly() + "discovery: {interfaces: [to-m], known-file: ''}\n";
    }

    /** The route as it is shown. */
    JsonNode route() throws IOException, InterruptedException {
        return rest.ask("GET", "/route", null, null).ok();
    }

    /** Waits until the machine is ready and free over such a route. */
    JsonNode awaitRoute(Predicate<JsonNode> wanted, long seconds) throws IOException, InterruptedException {
        await("the machine is ready and free", seconds, () -> {
            JsonNode picture = rest.ask("GET", "", null, null).ok();
            return picture.path("connection").path("state").asString("").equals("READY")
                    && picture.path("lease").isEmpty()
                    && wanted.test(picture.path("route"))
                    && rest.within("1s", "/components/motor/m2/IsMoving", null, "{}")
                                    .status()
                            == 200;
        });
        return route();
    }

    /** Waits until the machine is ready and free over the best route of that kind, and has it dialed anew where that takes long. */
    void settle(String kind) throws IOException, InterruptedException {
        // What has only just begun may be about to be left.
        Predicate<JsonNode> best = kind(kind)
                .and(route -> Instant.parse(route.path("since").asString(""))
                        .isBefore(Instant.now().minusSeconds(3)))
                .and(route -> kind.equals("INTERNET")
                        || route.path("transport").asString("").equals("GRPC"));
        try {
            awaitRoute(best, 16);
        } catch (IllegalStateException e) {
            rest.ask("POST", "/connect", null, null);
            awaitRoute(best, 60);
        }
    }

    static Predicate<JsonNode> kind(String kind) {
        return route -> route.path("kind").asString("").equals(kind);
    }

    /** Has both motors stand, past the gateway. */
    void still() throws IOException, InterruptedException {
        motors().stop();
        // Told by another thread, it would else come upon what the next run has set about.
        motors().mark();
    }

    void await(String what, long seconds, Stage.Condition condition) throws InterruptedException {
        Stage.await(what, seconds, condition);
    }

    @Override
    public void close() {
        rest.close();
        stage.close();
    }
}
