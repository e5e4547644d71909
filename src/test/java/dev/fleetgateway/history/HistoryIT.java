package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.FleetGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway, with databases that are there or not. Its machine is not there. */
class HistoryIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void aRestartReadsAsOne(@TempDir Path folder) throws Exception {
        String path = "--gateway.history.path=" + folder;
        try (ConfigurableApplicationContext gateway = start(path)) {
            await().untilAsserted(() -> assertThat(storage(gateway)).isEqualTo("KEPT"));
            await().untilAsserted(() -> assertThat(words(gateway, "CONNECTION")).startsWith("TRANSIENT_FAILURE null"));
        }
        try (ConfigurableApplicationContext gateway = start(path)) {
            await().untilAsserted(() -> assertThat(storage(gateway)).isEqualTo("KEPT"));
            await().untilAsserted(() -> assertThat(words(gateway, "CONNECTION"))
                    .containsExactly(
                            "TRANSIENT_FAILURE null",
                            "CONNECTING CHANGED",
                            "TRANSIENT_FAILURE GATEWAY_STOPPED",
                            "CONNECTING CHANGED"));
            assertThat(words(gateway, "LEASE")).containsExactly("FREE null", "FREE GATEWAY_STOPPED");
            assertThat(get(gateway, "/actuator/prometheus").body())
                    .contains("gateway_history_written_total", "gateway_history_waiting 0.0");
        }
    }

    @Test
    void withoutADatabaseThereIsNoDataSourceAndTheHistorySaysThatItIsNotKept() throws Exception {
        try (ConfigurableApplicationContext gateway = start()) {
            assertThat(gateway.getBeansOfType(DataSource.class)).isEmpty();
            assertThat(storage(gateway)).isEqualTo("NOT_KEPT");
            assertThat(words(gateway, "LEASE")).containsExactly("FREE null");
        }
    }

    @Test
    void aDatabaseThatIsNotThereDelaysNothing() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        assertGoesOn("--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + nobody + "/fleet");
    }

    @Test
    void aDatabaseThatNeverAnswersDelaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            // Its system accepts for it; nobody ever reads.
            assertGoesOn("--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/fleet");
        }
    }

    @Test
    void anEmbeddedDatabaseThatCannotBeOpenedIsToldAndOpenedWhenItCanBe(@TempDir Path folder) throws Exception {
        String path = "--gateway.history.path=" + folder;
        Files.writeString(folder.resolve("history.mv.db"), "no database");
        try (ConfigurableApplicationContext gateway = start(path)) {
            await().untilAsserted(() -> assertThat(
                            get(gateway, "/api/v1/machines/r1/history").body())
                    .contains("\"state\":\"UNAVAILABLE\"", "the database cannot be used"));
            Files.delete(folder.resolve("history.mv.db"));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(storage(gateway)).isEqualTo("KEPT"));
        }
    }

    private static void assertGoesOn(String database) throws Exception {
        try (ConfigurableApplicationContext gateway = startBeforeItsAnswer(database)) {
            for (String path : List.of("", "/history", "/connection")) {
                long began = System.nanoTime();
                assertThat(get(gateway, "/api/v1/machines/r1" + path).statusCode())
                        .isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            }
            assertThat(get(gateway, "/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(get(gateway, "/actuator/health").body())
                    .contains("\"status\":\"UP\"")
                    .doesNotContain("\"db\"");
            assertThat(words(gateway, "LEASE")).containsExactly("FREE null");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(
                                    get(gateway, "/api/v1/machines/r1/history").body())
                            .contains("\"state\":\"UNAVAILABLE\"", "the database cannot be used"));
        }
    }

    /** A start that waits for one try at its database finds always what became of it; one that does not, only where it is slow itself. */
    private static ConfigurableApplicationContext startBeforeItsAnswer(String database) {
        List<String> reasons = new ArrayList<>();
        while (reasons.size() < 3) {
            ConfigurableApplicationContext gateway = start(database);
            String reason = gateway.getBean(History.class).storage().reason();
            if (reason.equals("the database has not been reached yet")) {
                return gateway;
            }
            gateway.close();
            reasons.add(reason);
        }
        throw new AssertionError("each start was over only after the first try at the database: " + reasons);
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        String[] all = Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--gateway.machines.r1.address=127.0.0.1:1",
                                "--gateway.machines.r1.tls.mode=PLAINTEXT"),
                        Stream.of(arguments))
                .toArray(String[]::new);
        return SpringApplication.run(FleetGateway.class, all);
    }

    private static String storage(ConfigurableApplicationContext gateway) throws Exception {
        return tree(gateway, "").at("/storage/state").asString();
    }

    private static List<String> words(ConfigurableApplicationContext gateway, String part) throws Exception {
        List<String> words = new ArrayList<>();
        tree(gateway, "?part=" + part).get("history").values().forEach(entry -> {
            JsonNode ended = entry.get("ended");
            words.add(entry.get("state").asString() + " " + (ended.isNull() ? "null" : ended.asString()));
        });
        return words;
    }

    private static JsonNode tree(ConfigurableApplicationContext gateway, String query) throws Exception {
        return JSON.readTree(get(gateway, "/api/v1/machines/r1/history" + query).body());
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext gateway, String path)
            throws IOException, InterruptedException {
        String at = "http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port") + path;
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(at)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
