package dev.fleetgateway.trial;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP caller, of the gateway above all. */
final class Rest implements AutoCloseable {

    static final String HOST = "127.0.0.1:8090";
    static final String MACHINE = "rover-1";
    static final int WINDOW_MILLIS = 2_000;
    static final String LEASE_WISH = "{\"windowMillis\":%d,\"reason\":\"presence trial\"}".formatted(WINDOW_MILLIS);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String root;

    /** Answer to one request. */
    record Answer(int status, JsonNode body, HttpHeaders headers) {

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** What sort of problem it is; empty where it is none. */
        String code() {
            return body.path("code").asString("");
        }

        /** The body, where it is a success. */
        JsonNode ok() {
            if (status / 100 != 2) {
                throw new IllegalStateException("answered " + status + ": " + body);
            }
            return body;
        }

        /** It in a few words. */
        String told() {
            return status + " " + code() + " " + body.path("outcome").asString("") + ": "
                    + body.path("detail").asString("");
        }

        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    Rest() {
        this("http://" + HOST + "/api/v1/machines/" + MACHINE);
    }

    Rest(String root) {
        this.root = root;
    }

    Answer ask(String method, String path, @Nullable String lease, @Nullable String json)
            throws IOException, InterruptedException {
        return answer(
                client.send(request(method, path, lease, json).timeout(PATIENCE).build(), BodyHandlers.ofString()));
    }

    /** The same, of which the gateway knows how long it may take. */
    Answer within(String timeout, String path, @Nullable String lease, String json)
            throws IOException, InterruptedException {
        return answer(client.send(
                request("POST", path, lease, json)
                        .header("Request-Timeout", timeout)
                        .timeout(PATIENCE)
                        .build(),
                BodyHandlers.ofString()));
    }

    /** What is no JSON. */
    String text(String path) throws IOException, InterruptedException {
        return client.send(request("GET", path, null, null).timeout(PATIENCE).build(), BodyHandlers.ofString())
                .body();
    }

    /** Asks for what may take minutes. */
    CompletableFuture<Answer> begin(String path, @Nullable String lease, String json) {
        return client.sendAsync(request("POST", path, lease, json).build(), BodyHandlers.ofString())
                .thenApply(Rest::answer);
    }

    String lease() throws IOException, InterruptedException {
        return ask("POST", "/lease", null, LEASE_WISH).ok().path("id").asString();
    }

    HttpClient client() {
        return client;
    }

    private HttpRequest.Builder request(String method, String path, @Nullable String lease, @Nullable String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (lease != null) {
            request.header("Gateway-Lease", lease);
        }
        return request;
    }

    private static Answer answer(HttpResponse<String> response) {
        String body = response.body();
        return new Answer(
                response.statusCode(), JsonMapper.shared().readTree(body.isBlank() ? "{}" : body), response.headers());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
