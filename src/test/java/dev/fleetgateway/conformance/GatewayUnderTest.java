package dev.fleetgateway.conformance;

import dev.fleetgateway.FleetGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole gateway, with the machine under test in its settings as {@value #MACHINE}, spoken to over HTTP as anybody would.
 */
final class GatewayUnderTest implements AutoCloseable {

    /** The machine's name in the gateway. */
    static final String MACHINE = "rover";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final ConfigurableApplicationContext context;
    private final URI root;

    private GatewayUnderTest(Path directory, Map<String, String> settings) {
        this.directory = directory;
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        context = SpringApplication.run(FleetGateway.class, arguments);
        root = URI.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** Starts one in front of a machine. */
    static GatewayUnderTest before(MachineUnderTest machine) {
        return before(machine, Map.of());
    }

    /**
     * Starts one in front of a machine.
     *
     * @param more further settings; {@code %s} in a value is the directory that holds the files {@code ca.pem} and
     *     {@code other-ca.pem}, which are the SSL bundles {@code lab} and {@code other}
     */
    static GatewayUnderTest before(MachineUnderTest machine, Map<String, String> more) {
        try {
            Path directory = Files.createTempDirectory("conformance");
            Files.writeString(directory.resolve("ca.pem"), machine.caPem());
            Files.writeString(directory.resolve("other-ca.pem"), new Certificates("somebody else").pem());
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("server.port", "0");
            settings.put("spring.ssl.bundle.pem.lab.truststore.certificate", "file:%s/ca.pem");
            settings.put("spring.ssl.bundle.pem.other.truststore.certificate", "file:%s/other-ca.pem");
            settings.putAll(entry(MACHINE, machine));
            settings.putAll(more);
            settings.replaceAll((_, value) -> value.replace("%s", directory.toString()));
            return new GatewayUnderTest(directory, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings that lead to the machine, under any name. */
    static Map<String, String> entry(String name, MachineUnderTest machine) {
        String key = "gateway.machines." + name + ".";
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put(key + "address", machine.address());
        if (machine.secured()) {
            entry.put(key + "tls.server-name", machine.serverName());
            entry.put(key + "tls.bundle", "lab");
            entry.put(key + "credentials.id", MachineUnderTest.KEY_ID);
            entry.put(key + "credentials.key", MachineUnderTest.KEY);
        } else {
            entry.put(key + "tls.mode", "PLAINTEXT");
        }
        return entry;
    }

    /** The settings by which the machine, under any name, is reached by its own signaling server and in no other way. */
    static Map<String, String> signaled(String name, MachineUnderTest machine) {
        String key = "gateway.machines." + name + ".";
        Map<String, String> signaled = entry(name, machine);
        signaled.put(key + "route-policy", "INTERNET_ONLY");
        signaled.put(key + "signaling.address", machine.address());
        signaled.put(key + "signaling.host", machine.serverName());
        if (machine.secured()) {
            signaled.put(key + "signaling.tls.server-name", machine.serverName());
            signaled.put(key + "signaling.tls.bundle", "lab");
        } else {
            signaled.put(key + "signaling.tls.mode", "PLAINTEXT");
        }
        return signaled;
    }

    /** One answer of the gateway. */
    record Answer(int status, Map<String, String> headers, String body) {

        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
        }

        /** A member of the body as text, empty where it is null or not there. */
        String member(String name) {
            return json().path(name).asString("");
        }
    }

    Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    Answer post(String path, String json, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer patch(String path, String json, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer delete(String path, String... headers) {
        return send(request(path, headers).DELETE());
    }

    /** Calls a method of the machine under test; the path begins after its name. */
    Answer call(String path, String json, String... headers) {
        return post("/api/v1/machines/" + MACHINE + path, json, headers);
    }

    /** A call of a method of the machine under test that is under way. */
    CompletableFuture<HttpResponse<String>> begin(String path, String json) {
        return http.sendAsync(
                request("/api/v1/machines/" + MACHINE + path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The picture of a machine. */
    JsonNode picture(String machine) {
        return get("/api/v1/machines/" + machine).json();
    }

    /** One segment of a path, whatever it holds. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path)).timeout(Duration.ofSeconds(30));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Map<String, String> headers = new LinkedHashMap<>();
            response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
            return new Answer(response.statusCode(), headers, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
        http.close();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
