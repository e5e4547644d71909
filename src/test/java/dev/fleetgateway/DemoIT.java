package dev.fleetgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.discovery.Discovery;
import dev.fleetgateway.discovery.Sighting;
import dev.fleetgateway.peer.PeerNeeds;
import dev.fleetgateway.simulator.ActiveFault;
import dev.fleetgateway.simulator.DemoFleet;
import dev.fleetgateway.simulator.Fault;
import dev.fleetgateway.simulator.SimulatedMachine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway with the demo's machines, as the README starts it. */
class DemoIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final List<String> FOUND = List.of("rover-1", "rover-2", "arm-1");

    private static ConfigurableApplicationContext gateway;
    private static String at;

    @BeforeAll
    static void start() {
        PeerNeeds.peers().close();
        gateway = new SpringApplicationBuilder(FleetGateway.class)
                .profiles("demo")
                // Loopback alone, so that no host around hears of it.
                .run("--server.port=0", "--gateway.discovery.mdns=true", "--gateway.discovery.interfaces=127.0.0.1");
        at = "http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port") + "/api/v1/";
    }

    @AfterAll
    static void close() {
        if (gateway != null) {
            gateway.close();
        }
        HTTP.close();
    }

    @Test
    void theMachinesAreReachedOverTheLanAnotherNetworkAndTheInternet() {
        Map<String, String> wanted = new TreeMap<>();
        for (String name : Set.of("arm-2", "station-1", "bench")) {
            wanted.put(name, "LAN ADDRESS GRPC");
        }
        // Heard of by multicast, though they could be signaled too.
        FOUND.forEach(name -> wanted.put(name, "LAN MDNS GRPC"));
        for (String name : Set.of("rover-5", "station-2", "station-4")) {
            wanted.put(name, "WAN ADDRESS GRPC");
        }
        for (String name : Set.of("rover-3", "rover-4", "station-3")) {
            wanted.put(name, "INTERNET SIGNALING WEBRTC");
        }
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Map<String, String> routes = routes();
            assertThat(routes).isEqualTo(wanted);
        });
    }

    @Test
    void someMachinesOfTheLabAnnounceThemselvesOnLoopback() {
        for (String name : FOUND) {
            SimulatedMachine machine =
                    gateway.getBean(DemoFleet.class).machine(name).orElseThrow();
            Sighting sighting = await().atMost(Duration.ofSeconds(30))
                    .until(() -> gateway.getBean(Discovery.class).of(machine.serverName()), seen -> !seen.isEmpty())
                    .getFirst();
            assertThat(sighting.socket().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
            assertThat(sighting.socket().getPort()).isNotEqualTo(machine.port());
            assertThat(sighting.webrtc()).isTrue();
        }
    }

    @Test
    void everyFaultOfAMachineCanBeMadeByTheDoorAndMended() throws Exception {
        SimulatedMachine machine =
                gateway.getBean(DemoFleet.class).machine("station-2").orElseThrow();
        for (Fault fault : EnumSet.allOf(Fault.class)) {
            String millis = fault == Fault.DELAY ? ", \"millis\": 1" : "";
            HttpResponse<String> made =
                    send("POST", "simulator/machines/station-2/faults", "{\"fault\": \"" + fault + "\"" + millis + "}");
            assertThat(made.statusCode()).as("%s: %s", fault, made.body()).isEqualTo(204);
            assertThat(machine.faults()).extracting(ActiveFault::fault).contains(fault);
            assertThat(send("DELETE", "simulator/machines/station-2/faults", "").statusCode())
                    .isEqualTo(204);
            assertThat(machine.faults())
                    .extracting(ActiveFault::fault)
                    .as("a machine that has started again is initializing")
                    .isSubsetOf(Fault.RESTART);
        }
    }

    private static Map<String, String> routes() throws Exception {
        Map<String, String> routes = new TreeMap<>();
        JsonNode machines =
                JsonMapper.shared().readTree(send("GET", "machines", "").body()).path("machines");
        for (JsonNode machine : machines) {
            JsonNode route = machine.path("route");
            routes.put(
                    machine.path("name").asString(),
                    route.isNull()
                            ? machine.path("connection").path("reason").asString()
                            : "%s %s %s"
                                    .formatted(
                                            route.path("kind").asString(),
                                            route.path("via").asString(),
                                            route.path("transport").asString()));
        }
        return routes;
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(at + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
