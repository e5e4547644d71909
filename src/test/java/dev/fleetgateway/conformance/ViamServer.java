package dev.fleetgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real viam-server, a child process of the test. Its faults are made as they come about in life: by signals, and by changes
 * of the file it is configured from, which it watches.
 */
final class ViamServer extends MachineUnderTest {

    private static final String NAME = "rover.test.viam.cloud";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String program;
    private final Path home;
    private final int port;
    private final Certificates authority = new Certificates("conformance tests");
    private String certificate = "own";
    private String key = KEY;
    private int windowMillis = 2_000;
    private @Nullable Process process;

    ViamServer(Protection protection, String program) {
        super(protection);
        assertThat(Path.of(program)).as("what VIAM_SERVER names").isExecutable();
        this.program = program;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
            home = Files.createTempDirectory("viam-server");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        authority.issue(NAME, home, "own");
        new Certificates("somebody else").issue("somebody-else.test.viam.cloud", home, "other");
        configure();
        launch();
    }

    @Override
    String what() {
        return "viam-server";
    }

    @Override
    boolean real() {
        return true;
    }

    @Override
    int port() {
        return port;
    }

    @Override
    String serverName() {
        return NAME;
    }

    @Override
    String caPem() {
        return authority.pem();
    }

    @Override
    void stop() {
        running().destroy();
        awaitEnd();
    }

    @Override
    void kill() {
        running().destroyForcibly();
        awaitEnd();
    }

    @Override
    void start() {
        launch();
        awaitBuilt();
    }

    @Override
    void changeNetworkSettings() {
        windowMillis += 100;
        configureAnew();
    }

    @Override
    void refuseKey() {
        key = "another-key-of-the-conformance-tests";
        configureAnew();
    }

    @Override
    void acceptKey() {
        key = KEY;
        configureAnew();
    }

    @Override
    void showOtherCertificate() {
        certificate = "other";
        configureAnew();
    }

    @Override
    void showOwnCertificate() {
        certificate = "own";
        configureAnew();
    }

    @Override
    void freeze() {
        signal("STOP");
    }

    @Override
    void thaw() {
        signal("CONT");
    }

    @Override
    void slowDownPointClouds() {
        // They are.
    }

    @Override
    public void close() {
        Process ours = process;
        if (ours != null) {
            ours.descendants().forEach(ProcessHandle::destroyForcibly);
            ours.destroyForcibly();
            awaitEnd();
        }
        try {
            FileSystemUtils.deleteRecursively(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch() {
        ProcessBuilder builder = new ProcessBuilder(
                program, "-config", home.resolve("machine.json").toString());
        builder.environment().put("HOME", home.toString());
        builder.environment().put("VIAM_HOME", home.toString());
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(home.resolve("viam-server.log").toFile()));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process running() {
        Process ours = process;
        if (ours == null || !ours.isAlive()) {
            throw new IllegalStateException("viam-server does not run");
        }
        return ours;
    }

    private void awaitEnd() {
        try {
            Process ours = process;
            if (ours != null && !ours.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("viam-server did not end in " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder(
                            "kill", "-" + name, Long.toString(running().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(code).as("exit of kill -%s", name).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Changes the file, and comes back when the machine has dropped whoever was connected and listens again. */
    private void configureAnew() {
        Wire wire = Wire.to(this);
        try {
            await("connected").atMost(PATIENCE).until(wire::connected);
            configure();
            await("the machine took in its changed settings")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> !wire.connected());
        } finally {
            wire.close();
        }
        await("the machine listens again").atMost(PATIENCE).until(this::listening);
    }

    private void configure() {
        try {
            Files.writeString(home.resolve("machine.json"), JsonMapper.shared().writeValueAsString(settings()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        Map<String, Object> network = new LinkedHashMap<>();
        network.put("fqdn", NAME);
        network.put("bind_address", address());
        network.put("sessions", Map.of("heartbeat_window", windowMillis + "ms"));
        if (secured()) {
            network.put("tls_cert_file", home.resolve(certificate + ".crt").toString());
            network.put("tls_key_file", home.resolve(certificate + ".key").toString());
            settings.put(
                    "auth",
                    Map.of(
                            "handlers",
                            List.of(Map.of(
                                    "type", "api-key", "config", Map.of(KEY_ID, key, "keys", List.of(KEY_ID))))));
        }
        settings.put("network", network);
        settings.put(
                "components",
                List.of(
                        component("motor", "m1", "fake", Map.of("max_rpm", 100)),
                        component("motor", "m2", "fake", Map.of("max_rpm", 100)),
                        component(
                                "base",
                                "base1",
                                "wheeled",
                                Map.of(
                                        "width_mm",
                                        300,
                                        "wheel_circumference_mm",
                                        250,
                                        "left",
                                        List.of("m1"),
                                        "right",
                                        List.of("m2"))),
                        component("sensor", "s1", "fake", Map.of()),
                        component("camera", "cam1", "fake", Map.of("width", 320, "height", 240)),
                        component("movement_sensor", "ms1", "fake", Map.of()),
                        component(
                                "board",
                                "board1",
                                "fake",
                                Map.of(
                                        "analogs",
                                        List.of(Map.of("name", "a1", "pin", "1")),
                                        "digital_interrupts",
                                        List.of(Map.of("name", "i1", "pin", "2")))),
                        component("encoder", "e1", "fake", Map.of()),
                        component("generic", "g1", "fake", Map.of()),
                        component("sensor", BROKEN, "absent", Map.of())));
        return settings;
    }

    private static Map<String, Object> component(String kind, String name, String model, Map<String, ?> attributes) {
        return Map.of("api", "rdk:component:" + kind, "name", name, "model", model, "attributes", attributes);
    }
}
