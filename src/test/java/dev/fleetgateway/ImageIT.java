package dev.fleetgateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the image would run, without a Docker engine: the layers that the Dockerfile's own command takes from the jar, laid together as
 * it copies them, under its user, flags and environment, with the settings that the chart renders, where nothing can be written but
 * what the chart mounts.
 */
class ImageIT {

    private static final String SETTINGS = """
            gateway:
              discovery: {mdns: false}
              signaling: {address: "127.0.0.1:1"}
              machines:
                bench:
                  address: 127.0.0.1:1
                  tls: {mode: PLAINTEXT}
                rover-1:
                  address: 127.0.0.1:1
                  credentials: {id: 8f0c1d2e-0000-4000-8000-000000000001, key: "${ROVER_KEY}"}
            secretEnv:
              ROVER_KEY: {secret: fleet-keys, key: rover-1}
            """;

    @Test
    void theLayersAnswerTheProbesUnderTheImagesUserAndEndInOrder(@TempDir Path folder) throws Exception {
        Needs.that("root".equals(System.getProperty("user.name")), "only root can become the image's user");
        Needs.program("setpriv", "util-linux");
        Needs.program("unshare", "util-linux");
        Dockerfile image = Dockerfile.read();
        Chart chart = Chart.rendered(SETTINGS);
        layOut(image, chart, folder);
        int door = freePort();
        int watch = freePort();
        Path log = folder.resolve("log.txt");
        Process gateway = start(image, folder, log, door, watch);
        try (HttpClient client = HttpClient.newHttpClient()) {
            String probes = "http://127.0.0.1:" + watch + "/actuator/health/";
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> {
                assertThat(gateway.isAlive()).as("%s", Files.readString(log)).isTrue();
                assertThat(status(client, probes + "readiness")).isEqualTo(200);
            });
            assertThat(status(client, probes + "liveness")).isEqualTo(200);
            // As the kernel writes them: the kubelet comes by the pod's address, and the door is for loopback alone.
            assertThat(listening(gateway, watch)).containsExactly("0".repeat(32));
            assertThat(listening(gateway, door)).containsExactly("0000000000000000FFFF00000100007F");
            assertThat(body(client, "http://127.0.0.1:" + door + "/api/v1/machines"))
                    .contains("\"total\":2", "rover-1");
            assertThat(body(client, "http://127.0.0.1:" + door + "/api/v1/machines/rover-1"))
                    .contains("\"name\":\"rover-1\"");
            // Anybody may ask there, so no machine is named.
            assertThat(body(client, "http://127.0.0.1:" + watch + "/actuator/prometheus"))
                    .contains("gateway_machines")
                    .doesNotContain("rover-1");
            assertThat(body(client, "http://127.0.0.1:" + watch + "/actuator/health"))
                    .contains("\"machines\"")
                    .doesNotContain("rover-1");
            assertThat(Files.readString(Path.of("/proc/" + gateway.pid() + "/status")))
                    .containsPattern("Uid:\\s65532\\s65532\\s65532\\s65532")
                    .containsPattern("CapBnd:\\s0000000000000000")
                    .containsPattern("NoNewPrivs:\\s1");

            Listener caller = new Listener();
            var _ = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + door + "/api/v1/ws"), caller)
                    .get(20, TimeUnit.SECONDS);
            await().until(() -> String.join("", caller.heard).contains("\"hello\""));

            // SIGTERM, as the kubelet does.
            gateway.destroy();
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptions()
                    .until(() -> status(client, probes + "readiness"), code -> code == 503);
            assertThat(caller.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4503);
            assertThat(String.join("", caller.heard)).contains("\"goaway\"");
            long grace = Long.parseLong(
                    chart.pod().at("terminationGracePeriodSeconds").text());
            assertThat(gateway.waitFor(grace, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.exitValue()).isEqualTo(143);
            assertThat(Files.readString(log))
                    .contains("Graceful shutdown complete")
                    .doesNotContain("ERROR", "Read-only file system", "Permission denied", "WARNING:");
        } finally {
            gateway.destroyForcibly();
        }
    }

    /** A caller's socket, which keeps the gateway from ending for as long as it gives its callers. */
    private static final class Listener implements WebSocket.Listener {

        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            heard.add(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }

    private static void layOut(Dockerfile image, Chart chart, Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path build = Files.createDirectory(folder.resolve("build"));
        Files.copy(jar(), build.resolve("gateway.jar"));
        ProcessBuilder extract = new ProcessBuilder("sh", "-c", image.command("java "))
                .directory(build.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("extraction.txt").toFile());
        withThisJava(extract.environment());
        Process extraction = extract.start();
        assertThat(extraction.waitFor())
                .as("%s", Files.readString(folder.resolve("extraction.txt")))
                .isZero();
        Path app = Files.createDirectory(folder.resolve(image.only("WORKDIR").substring(1)));
        for (String copy : image.every("COPY")) {
            String from = copy.replaceFirst("--from=layers /build/(\\S+) \\./", "$1");
            layer(build.resolve(from), app);
        }
        Files.writeString(
                Files.createDirectory(folder.resolve("settings")).resolve("application.yml"), chart.settings());
        for (String writable : List.of("tmp", "state/fleet-gateway")) {
            Path made = Files.createDirectories(folder.resolve(writable));
            Files.setAttribute(made, "unix:uid", 65532);
            Files.setAttribute(made, "unix:gid", 65532);
        }
    }

    /** Lays one layer on those before. */
    private static void layer(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path at = to.resolve(from.relativize(file).toString());
                Files.createDirectories(requireNonNull(at.getParent()));
                Files.copy(file, at);
            }
        }
    }

    private static Process start(Dockerfile image, Path folder, Path log, int door, int watch) throws IOException {
        // The root file system is read-only then, but for the two folders.
        String closed = """
                set -e
                for folder in tmp state/fleet-gateway; do mount --bind "$0/$folder" "$0/$folder"; done
                mount -o remount,bind,ro /
                exec "$@"
                """;
        String user = image.only("USER");
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", closed, folder.toString()));
        command.addAll(List.of(
                "setpriv",
                "--reuid=" + user.substring(0, user.indexOf(':')),
                "--regid=" + user.substring(user.indexOf(':') + 1),
                "--clear-groups",
                "--no-new-privs",
                "--bounding-set=-all",
                "--inh-caps=-all"));
        image.entrypoint().forEach(each -> command.add(each.replace("/app/", folder.resolve("app") + "/")));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.resolve("app").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        withThisJava(environment);
        environment.putAll(image.environment());
        // What the chart sets, or mounts elsewhere than is free here.
        environment.put("SERVER_PORT", String.valueOf(door));
        environment.put("MANAGEMENT_SERVER_PORT", String.valueOf(watch));
        environment.put("ROVER_KEY", "not-a-real-key");
        environment.computeIfPresent(
                "SPRING_CONFIG_ADDITIONAL_LOCATION",
                (_, location) -> location.replace("/etc/fleet-gateway", folder.toString()));
        environment.computeIfPresent(
                "XDG_STATE_HOME", (_, _) -> folder.resolve("state").toString());
        environment.put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder.resolve("tmp"));
        return builder.start();
    }

    /** The addresses at which a port is listened on. */
    private static List<String> listening(Process gateway, int port) throws IOException {
        String end = ":%04X".formatted(port);
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + gateway.pid() + "/net/tcp6"))) {
            return lines.map(line -> line.strip().split("\\s+", 5))
                    .filter(fields -> fields[1].endsWith(end) && fields[3].equals("0A"))
                    .map(fields -> fields[1].substring(0, fields[1].length() - end.length()))
                    .toList();
        }
    }

    private static void withThisJava(Map<String, String> environment) {
        environment.put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/sbin:/usr/bin:/sbin:/bin");
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("fleet-gateway-.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no jar in target"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int status(HttpClient client, String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String body(HttpClient client, String url) {
        return client.sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }
}
