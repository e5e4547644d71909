package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.status.FakeFleet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
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
class MachinesControllerIT {

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private FakeFleet fleet;

    @Autowired
    private FakeLeases leases;

    @BeforeEach
    void threeMachines() {
        fleet.add("r1", Map.of("site", "lab"));
        fleet.add("r2", Map.of("site", "lab"));
        fleet.add("y1", Map.of("site", "yard"));
        fleet.answers("r1");
        leases.stops.clear();
        leases.stopOutcomes.clear();
    }

    @AfterEach
    void none() {
        fleet.remove("r1");
        fleet.remove("r2");
        fleet.remove("y1");
        http.close();
    }

    @Test
    void theUplinkIsToldWithItsSignals() throws Exception {
        JsonNode uplink = tree(get("/api/v1/uplink"));
        assertThat(uplink.get("state").asString()).isEqualTo("NOT_APPLICABLE");
        assertThat(uplink.get("reason").asString()).contains("no machine is signaled");
        assertThat(uplink.at("/signals/0/source").asString()).isEqualTo("NETWORK");
        assertThat(get("/api/v1/uplink?x=1").statusCode()).isEqualTo(400);
    }

    @Test
    void theListIsFilteredAndCutIntoPages() throws Exception {
        assertThat(names(get("/api/v1/machines"))).isEqualTo("r1 r2 y1 of 3");
        assertThat(names(get("/api/v1/machines?selector=site%3Dlab"))).isEqualTo("r1 r2 of 2");
        assertThat(names(get("/api/v1/machines?connection=READY"))).isEqualTo("r1 of 1");
        assertThat(names(get("/api/v1/machines?route=LAN&sync=NOT_APPLICABLE&name=r")))
                .isEqualTo("r1 of 1");
        assertThat(names(get("/api/v1/machines?sync=PAUSED"))).isEqualTo("of 0");

        JsonNode first = tree(get("/api/v1/machines?pageSize=2"));
        String token = first.get("nextPageToken").asString();
        fleet.remove("r1");
        HttpResponse<String> second = get("/api/v1/machines?pageSize=2&pageToken=" + token);
        assertThat(names(second)).isEqualTo("y1 of 2");
        assertThat(tree(second).get("nextPageToken").isNull()).isTrue();
    }

    @Test
    void whatCannotBeReadIsRefusedByName() throws Exception {
        assertRefused("/api/v1/machines?colour=red", "colour", "There is no query parameter 'colour' here");
        assertRefused("/api/v1/machines?name=a&name=b", "name", "is given 2 times");
        assertRefused("/api/v1/machines?connection=UP", "connection", "'UP' is none of [IDLE");
        assertRefused("/api/v1/machines?selector=a%20b", "selector", "is not a selector");
        assertRefused("/api/v1/machines?pageSize=0", "pageSize", "not a number from 1 to 1000");
        assertRefused("/api/v1/machines?pageToken=@", "pageToken", "it was not handed out here");
        assertRefused("/api/v1/machines?pageToken=YWJj", "pageToken", "other parameters");
        assertRefused("/api/v1/machines/r1?full=1", "full", "none is read");
    }

    @Test
    void anUnknownMachineIsNamed() throws Exception {
        for (String path : new String[] {"", "/connection", "/route", "/sync", "/lease", "/resources"}) {
            HttpResponse<String> answer = get("/api/v1/machines/nobody" + path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(tree(answer).get("code").asString()).isEqualTo("machine-unknown");
            assertThat(tree(answer).get("detail").asString()).contains("'nobody'");
        }
    }

    @Test
    void thePartsOfAPictureAreTheirOwnPages() throws Exception {
        JsonNode whole = tree(get("/api/v1/machines/r1"));
        assertThat(tree(get("/api/v1/machines/r1/connection"))).isEqualTo(whole.get("connection"));
        assertThat(tree(get("/api/v1/machines/r1/route"))).isEqualTo(whole.get("route"));
        assertThat(tree(get("/api/v1/machines/r1/sync"))).isEqualTo(whole.get("sync"));
        assertThat(get("/api/v1/machines/r1/lease").body()).isEqualTo("null");
        assertThat(get("/api/v1/machines/r1/resources").body())
                .isEqualTo("{\"resources\":[{\"name\":\"m1\",\"api\":\"rdk:component:motor\","
                        + "\"service\":\"viam.component.motor.v1.MotorService\",\"state\":\"READY\",\"reason\":\"\","
                        + "\"methods\":[{\"name\":\"SetPower\",\"effect\":\"ACT\",\"monitored\":true,\"sticky\":true,"
                        + "\"serverStreaming\":false}]}]}");
    }

    @Test
    void theRoutePageKeepsTheCandidatesThoughNothingCarries() throws Exception {
        JsonNode route = tree(get("/api/v1/machines/r2/route"));
        assertThat(route.get("kind").isNull()).isTrue();
        assertThat(route.get("policy").asString()).isEqualTo("PREFER_LAN");
        assertThat(route.get("candidates")).hasSize(1);
    }

    @Test
    void anUnchangedPictureIsNotSentAgain() throws Exception {
        for (String path : new String[] {"/api/v1/machines/r1", "/api/v1/machines"}) {
            String etag = get(path).headers().firstValue("ETag").orElseThrow();
            assertThat(etag).startsWith("W/\"");
            fleet.answers("r1");
            assertThat(get(path, etag).statusCode()).as(path).isEqualTo(304);
            fleet.loses("r1", "cable pulled for " + path);
            assertThat(get(path, etag).statusCode()).as(path).isEqualTo(200);
            fleet.answers("r1");
        }
    }

    @Test
    void connectAndDisconnectGoToTheConnection() throws Exception {
        assertThat(post("/api/v1/machines/r1/disconnect", "").statusCode()).isEqualTo(202);
        JsonNode connection = tree(post("/api/v1/machines/r1/connect", ""));
        assertThat(connection.get("state").asString()).isEqualTo("IDLE");
        assertThat(fleet.asked).contains("disconnect r1: parked by anonymous", "connect r1: asked for by anonymous");
    }

    @Test
    void aStopNeedsNoBodyAndIsKeptInThePicture() throws Exception {
        HttpResponse<String> answer = post("/api/v1/machines/r1/stop", "this is not JSON");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"machine\":\"r1\",\"outcome\":\"STOPPED\",\"resources\":"
                                + "[{\"resource\":\"rdk:component:motor/m1\",\"outcome\":\"STOPPED\",\"detail\":\"as the test says\"}]}");
        assertThat(leases.stops).containsExactly("r1 by anonymous");
        assertThat(tree(get("/api/v1/machines/r1")).at("/lastStop/by").asString())
                .isEqualTo("anonymous");
        assertThat(post("/api/v1/machines/unknown/stop", "").statusCode()).isEqualTo(404);
    }

    @Test
    void aStopThatIsNotKnownToHaveWorkedIsAProblemWithTheReport() throws Exception {
        leases.stopOutcomes.put("r1", StopReport.Outcome.STILL_MOVING);
        HttpResponse<String> answer = post("/api/v1/machines/r1/stop", "");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(tree(answer).get("code").asString()).isEqualTo("stop-incomplete");
        assertThat(tree(answer).at("/stop/outcome").asString()).isEqualTo("STILL_MOVING");
    }

    @Test
    void aFleetIsStoppedBySelector() throws Exception {
        HttpResponse<String> answer = post("/api/v1/fleet/stop", "{\"selector\": \"site=lab\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(tree(answer).get("stopped").asInt()).isEqualTo(2);
        assertThat(tree(answer).get("failed").asInt()).isZero();
        assertThat(leases.stops).containsExactlyInAnyOrder("r1 by anonymous", "r2 by anonymous");

        leases.stopOutcomes.put("y1", StopReport.Outcome.FAILED);
        HttpResponse<String> partly = post("/api/v1/fleet/stop", "{\"selector\": \"\"}");
        assertThat(partly.statusCode()).isEqualTo(502);
        assertThat(tree(partly).at("/stop/failed").asInt()).isEqualTo(1);
        assertThat(tree(partly).at("/stop/results")).hasSize(3);
    }

    @Test
    void aFleetStopMustSayWhichMachines() throws Exception {
        for (String body : new String[] {"", "[]", "{}", "{\"selector\":1}", "{\"selector\":\"\",\"x\":1}", "{"}) {
            assertThat(post("/api/v1/fleet/stop", body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(post("/api/v1/fleet/stop", "{\"selector\":\"site=moon\"}").statusCode())
                .isEqualTo(404);
        assertThat(leases.stops).isEmpty();
    }

    private void assertRefused(String path, String field, String words) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(400);
        assertThat(tree(answer).get("field").asString()).isEqualTo(field);
        assertThat(tree(answer).get("detail").asString()).contains(words);
    }

    private static String names(HttpResponse<String> answer) {
        StringBuilder names = new StringBuilder();
        JsonNode tree = tree(answer);
        tree.get("machines")
                .forEach(machine -> names.append(machine.get("name").asString()).append(' '));
        return names.append("of ").append(tree.get("total").asInt()).toString();
    }

    private static JsonNode tree(HttpResponse<String> answer) {
        return Json.MAPPER.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(path, "W/\"none\"");
    }

    private HttpResponse<String> get(String path, String etag) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder().header("If-None-Match", etag), path);
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path)
            throws IOException, InterruptedException {
        return http.send(
                request.uri(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
