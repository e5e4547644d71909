package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.status.FakeFleet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        classes = DoorUnderTest.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "spring.threads.virtual.enabled=true"})
class HistoryControllerIT {

    private static final String HISTORY = "/api/v1/machines/h1/history";

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private FakeFleet fleet;

    @BeforeEach
    void aMachineWithAPast() {
        fleet.add("h1", Map.of());
        fleet.answers("h1");
        fleet.loses("h1", "cable pulled");
        fleet.answers("h1");
    }

    @AfterEach
    void none() {
        fleet.remove("h1");
        http.close();
    }

    @Test
    void theNewestComesFirstEachWithSinceUntilAndReason() throws Exception {
        JsonNode answer = tree(get(HISTORY + "?part=CONNECTION"));
        List<JsonNode> entries = entries(answer);

        assertThat(entries.get(0).get("state").asString()).isEqualTo("READY");
        assertThat(entries.get(0).get("until").isNull()).isTrue();
        assertThat(entries.get(0).get("ended").isNull()).isTrue();
        assertThat(entries.get(1).get("state").asString()).isEqualTo("TRANSIENT_FAILURE");
        assertThat(entries.get(1).get("reason").asString()).isEqualTo("cable pulled");
        assertThat(entries.get(1).get("until")).isEqualTo(entries.get(0).get("since"));
        assertThat(entries.get(1).get("ended").asString()).isEqualTo("CHANGED");
        assertThat(entries.get(1).get("owner").asString()).isEqualTo("gateway-0");
        assertThat(answer.at("/storage/state").asString()).isEqualTo("NOT_KEPT");
        assertThat(answer.at("/storage/dropped").asInt()).isZero();
    }

    @Test
    void eachPartHasItsOwnMembers() throws Exception {
        assertThat(entries(tree(get(HISTORY + "?part=ROUTE"))).getFirst().propertyNames())
                .containsExactly(
                        "part", "state", "via", "transport", "peer", "since", "until", "ended", "reason", "owner");
        assertThat(entries(tree(get(HISTORY + "?part=LEASE"))).getFirst().propertyNames())
                .containsExactly(
                        "part",
                        "state",
                        "holder",
                        "sequence",
                        "protection",
                        "since",
                        "until",
                        "ended",
                        "reason",
                        "owner");
    }

    @Test
    void pagesFollowEachOtherWithoutAGap() throws Exception {
        List<JsonNode> all = entries(tree(get(HISTORY + "?pageSize=1000")));
        List<JsonNode> paged = new ArrayList<>();
        String token = "";
        while (token != null) {
            JsonNode page = tree(get(HISTORY + "?pageSize=2" + token));
            paged.addAll(entries(page));
            JsonNode next = page.get("nextPageToken");
            token = next.isNull() ? null : "&pageToken=" + next.asString();
        }
        assertThat(paged).isEqualTo(all).hasSizeGreaterThan(6);
    }

    @Test
    void aTimeNarrowsIt() throws Exception {
        assertThat(entries(tree(get(HISTORY + "?until=2020-01-01T00:00:00Z")))).isEmpty();
        assertThat(entries(tree(get(HISTORY + "?since=2100-01-01T00:00:00%2B01:00"))))
                .allMatch(entry -> entry.get("until").isNull());
    }

    @Test
    void whatCannotBeReadIsRefusedByName() throws Exception {
        assertRefused("?colour=red", "colour", "there are: part, since, until, pageSize, pageToken");
        assertRefused("?part=route", "part", "'route' is none of [CONNECTION, ROUTE, SYNC, LEASE, LIFECYCLE]");
        assertRefused("?since=yesterday", "since", "is not a time such as");
        assertRefused("?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "until", "not after since");
        assertRefused("?pageSize=1001", "pageSize", "not a number from 1 to 1000");
        assertRefused("?pageToken=@", "pageToken", "it was not handed out here");
        assertRefused("?until=%2B300000-01-01T00:00:00Z", "until", "is not within the years 0 to 9999");
        assertRefused("?since=-0001-12-31T23:59:59Z", "since", "is not within the years 0 to 9999");
        assertRefused("?since=0000-01-01T00:00:00%2B01:00", "since", "is not within the years 0 to 9999");
        String token = tree(get(HISTORY + "?pageSize=1")).get("nextPageToken").asString();
        assertRefused(
                "?pageSize=1&pageToken=" + withTime(token, "-999999999999999"), "pageToken", "not handed out here");
        assertRefused(
                "?pageSize=1&pageToken=" + withTime(token, "999999999999999"), "pageToken", "not handed out here");
        assertRefused("?part=SYNC&pageToken=" + token, "pageToken", "other parameters");
    }

    @Test
    void anUnknownMachineHasNone() throws Exception {
        HttpResponse<String> answer = get("/api/v1/machines/nobody/history");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(tree(answer).get("code").asString()).isEqualTo("machine-unknown");
    }

    private void assertRefused(String query, String field, String why) throws Exception {
        HttpResponse<String> answer = get(HISTORY + query);
        assertThat(answer.statusCode()).as(query).isEqualTo(400);
        assertThat(tree(answer).get("code").asString()).isEqualTo("request-invalid");
        assertThat(tree(answer).get("detail").asString()).contains(field, why);
    }

    private static String withTime(String token, String millis) {
        String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        String made = text.replaceFirst("/-?[0-9]+/", "/" + millis + "/");
        return Base64.getUrlEncoder().withoutPadding().encodeToString(made.getBytes(StandardCharsets.UTF_8));
    }

    private static List<JsonNode> entries(JsonNode answer) {
        return List.copyOf(answer.get("history").values());
    }

    private static JsonNode tree(HttpResponse<String> answer) {
        return Json.MAPPER.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
