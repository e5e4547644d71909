package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.status.FakeFleet;
import dev.fleetgateway.status.Pictures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        classes = DoorUnderTest.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "spring.threads.virtual.enabled=true",
            "server.tomcat.connection-timeout=1s"
        })
class EventsControllerIT {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> machines = new TreeSet<>();

    @LocalServerPort
    private int port;

    @Autowired
    private FakeFleet fleet;

    @Autowired
    private Pictures pictures;

    @AfterEach
    void none() {
        http.shutdownNow();
        // A reader that hung up is seen when something is written to it.
        await().until(() -> {
            fleet.add("r0", Map.of("site", "lab"));
            fleet.remove("r0");
            return pictures.feed().readers() == 0;
        });
        machines.forEach(fleet::remove);
    }

    @Test
    void howTheUplinkIsIsToldAfterTheSnapshot() throws Exception {
        try (Events events = open("", "")) {
            assertThat(events.any().name).isEqualTo("snapshot");
            Event uplink = events.any();
            assertThat(uplink.name).isEqualTo("uplink");
            assertThat(uplink.data.at("/uplink/state").asString()).isEqualTo("NOT_APPLICABLE");
        }
    }

    @Test
    void theFeedComesAsEventsAndGoesOnWhereItWas() throws Exception {
        add("r1");
        String place;
        try (Events events = open("?selector=site%3Dlab", "")) {
            assertThat(events.response.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(events.response.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(events.response.headers().firstValue("X-Accel-Buffering"))
                    .hasValue("no");
            assertThat(events.line()).isEqualTo("retry: 2000");
            Event snapshot = events.next();
            assertThat(snapshot.name).isEqualTo("snapshot");
            assertThat(snapshot.data.at("/machines/0/name").asString()).isEqualTo("r1");
            fleet.answers("r1");
            Event changes = events.next();
            assertThat(changes.name).isEqualTo("changes");
            assertThat(changes.id)
                    .isEqualTo(pictures.feed().epoch() + ":"
                            + changes.data.get("seq").asLong());
            place = changes.id;
        }
        fleet.loses("r1", "cable pulled");
        try (Events events = open("?since=" + place, "")) {
            assertThat(events.next().data.at("/machines/0/connection/reason").asString())
                    .isEqualTo("cable pulled");
        }
        try (Events events = open("?since=other:1", place)) {
            assertThat(events.next().name).as("the header knows more").isEqualTo("changes");
        }
        try (Events events = open("?since=other:1", "")) {
            Event gap = events.next();
            assertThat(gap.name).isEqualTo("gap");
            assertThat(gap.id).as("a gap is no place to go on from").isEmpty();
            assertThat(events.next().name).isEqualTo("snapshot");
        }
    }

    @Test
    void whatCannotBeReadIsRefusedBeforeAnythingIsSent() throws Exception {
        assertThat(open("?since=yesterday", "").response.statusCode()).isEqualTo(400);
        assertThat(open("?selector=a%20b", "").response.statusCode()).isEqualTo(400);
        assertThat(open("?fast=1", "").response.statusCode()).isEqualTo(400);
        assertThat(open("", "not a place").response.statusCode()).isEqualTo(400);
    }

    @Test
    void aReaderThatDoesNotReadIsLetGoWhenTheServersTimeIsUp() throws Exception {
        for (int i = 0; i < 400; i++) {
            add("many-" + i);
        }
        long before = pictures.feed().dropped();
        try (RawCaller reader = new RawCaller(port).openEvents("")) {
            await().until(() -> pictures.feed().readers() == 1);
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        machines.forEach(machine -> fleet.loses(machine, "again"));
                        machines.forEach(fleet::answers);
                        return pictures.feed().readers() == 0;
                    });
            assertThat(pictures.feed().dropped()).isGreaterThan(before);
            assertThat(reader.readByte()).isNotNegative();
        }
    }

    private void add(String machine) {
        machines.add(machine);
        fleet.add(machine, Map.of("site", "lab"));
    }

    private Events open(String query, String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/events" + query));
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return new Events(http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    private record Event(String name, String id, JsonNode data) {}

    private static final class Events implements AutoCloseable {

        private final HttpResponse<InputStream> response;
        private final BufferedReader lines;

        Events(HttpResponse<InputStream> response) {
            this.response = response;
            this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        String line() throws IOException {
            String line = lines.readLine();
            if (line == null) {
                throw new AssertionError("the stream ended");
            }
            return line;
        }

        /** The next but of the uplink, which comes between any others. */
        Event next() throws IOException {
            Event next;
            do {
                next = any();
            } while (next.name.equals("uplink"));
            return next;
        }

        Event any() throws IOException {
            String name = "";
            String id = "";
            while (true) {
                String line = line();
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return new Event(name, id, Json.MAPPER.readTree(line.substring(6)));
                }
            }
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }
}
