package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.discovery.FakeDiscovery;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.ConfiguredFleet;
import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.MachineSource;
import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.time.FakeTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@SpringBootTest(
        classes = DiscoveredControllerIT.Door.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "spring.threads.virtual.enabled=true"})
class DiscoveredControllerIT {

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private FakeDiscovery discovery;

    @Autowired
    private FakeTime time;

    /** The one door, over a fleet of three machines. */
    @EnableAutoConfiguration
    @Import({DiscoveredController.class, DoorUnderTest.Told.class})
    static class Door {

        @Bean
        FakeTime time() {
            return new FakeTime();
        }

        @Bean
        FakeDiscovery discovery(FakeTime time) {
            return new FakeDiscovery(time);
        }

        @Bean(destroyMethod = "close")
        Fleet fleet(FakeTime time) {
            MachineSource source = () -> List.of(
                    machine("named", "rover.abc.viam.cloud", "rover.abc.viam.cloud"),
                    machine("addressed", "10.0.0.9:8080", "arm.abc.viam.cloud"),
                    machine("further", "10.0.0.8:8080", "10.0.0.8", "bench.abc.local.viam.cloud"));
            return new ConfiguredFleet(List.of(source), time);
        }

        private static Machine machine(String name, String address, String serverName, String... further) {
            return new Machine(
                    name,
                    Address.parse(address),
                    Stream.of(further).map(Address::parse).toList(),
                    Map.of(),
                    RoutePolicy.PREFER_LAN,
                    null,
                    new Tls(Tls.Mode.REQUIRED, serverName, null),
                    Duration.ofSeconds(20),
                    SessionManagement.AUTO,
                    null);
        }
    }

    @AfterEach
    void nobody() {
        discovery.all().forEach(sighting -> discovery.loses(sighting.name()));
        http.close();
    }

    @Test
    void aMachineThatNobodyConfiguredIsThereOnceWithAllItsAddresses() throws Exception {
        discovery.sees("cart-abc-local-viam-cloud", "10.0.0.7", 41_234, "eth0");
        discovery.sees("cart.abc.local.viam.cloud", "10.0.0.7", 41_234, "eth0");
        discovery.sees("cart.abc.viam.cloud", "10.0.0.7", 41_234, "eth0");
        time.advance(Duration.ofSeconds(5));
        discovery.sees("cart-abc-viam-cloud", "192.168.1.7", 41_234, "wlan0");

        assertThat(get("").body())
                .isEqualTo("{\"machines\":[{\"name\":\"cart.abc.viam.cloud\","
                        + "\"addresses\":[\"192.168.1.7:41234\",\"10.0.0.7:41234\"],\"webrtc\":true,"
                        + "\"seenAt\":\"" + time.now() + "\",\"networks\":[\"eth0\",\"wlan0\"]}]}");
    }

    @Test
    void aMachineOfTheFleetIsNotThereByAnyOfItsNames() throws Exception {
        discovery.sees("rover-abc-local-viam-cloud", "10.0.0.1", 1, "eth0");
        discovery.sees("arm.abc.viam.cloud", "10.0.0.2", 2, "eth0");
        discovery.sees("bench-abc-viam-cloud", "10.0.0.3", 3, "eth0");

        assertThat(get("").body()).isEqualTo("{\"machines\":[]}");
    }

    @Test
    void theyAreOrderedByNameAndNothingIsAskedOfThem() throws Exception {
        discovery.sees("zebra", "10.0.0.1", 1, "eth0");
        discovery.sees("ant", "10.0.0.2", 2, "eth0");

        assertThat(Json.MAPPER.readTree(get("").body()).get("machines"))
                .extracting(machine -> machine.get("name").asString())
                .containsExactly("ant", "zebra");
        assertThat(discovery.sought).isEmpty();
    }

    @Test
    void noParameterIsKnown() throws Exception {
        assertThat(get("?selector=a").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> get(String query) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/discovered" + query))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
