package dev.fleetgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.conformance.Timeline.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(Protection.class)
class PictureIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static MachineUnderTest machine;
    private static GatewayUnderTest gateway;

    private final Timeline timeline = Timeline.of(gateway, GatewayUnderTest.MACHINE);
    private Moment ready;

    PictureIT(Protection protection) {
        assertThat(machine.protection()).isEqualTo(protection);
    }

    @BeforeParameterizedClassInvocation
    static void start(Protection protection) {
        machine = MachineUnderTest.start(protection);
        gateway = GatewayUnderTest.before(machine);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
        machine.close();
    }

    @BeforeEach
    void isReady() {
        ready = timeline.awaitReady(SOON);
        await().atMost(SOON)
                .until(() -> text(gateway.picture(GatewayUnderTest.MACHINE), "/lifecycle/state")
                        .equals("RUNNING"));
    }

    @Test
    void aMachineThatAnswersIsShownWithAllThatIsKnownOfIt() {
        JsonNode picture = gateway.picture(GatewayUnderTest.MACHINE);
        try (DirectMachine direct = machine.direct()) {
            JsonNode version = Inventory.read(direct, "GetVersion");
            Map<Inventory.Resource, String> states = Inventory.states(direct);
            assertThat(picture.at("/software/platform")).isEqualTo(version.get("platform"));
            assertThat(picture.at("/software/version")).isEqualTo(version.get("version"));
            assertThat(picture.at("/software/api")).isEqualTo(version.get("apiVersion"));
            assertThat(picture.at("/resources/count").asInt()).isEqualTo(states.size());
            assertThat(picture.at("/resources/unhealthy").asInt()).isEqualTo(1);
            assertThat(states).containsValue("STATE_UNHEALTHY");
        }
        assertThat(text(picture, "/freshness/state")).isEqualTo("LIVE");
        assertThat(text(picture, "/lifecycle/state")).isEqualTo("RUNNING");
        assertThat(text(picture, "/connection/state")).isEqualTo("READY");
        assertThat(text(picture, "/connection/reason")).isEqualTo("the machine answers at " + machine.address());
        assertThat(text(picture, "/route/kind")).isEqualTo("LAN");
        assertThat(text(picture, "/route/via")).isEqualTo("ADDRESS");
        assertThat(text(picture, "/route/transport")).isEqualTo("GRPC");
        assertThat(text(picture, "/route/peer")).isEqualTo(machine.address());
        assertThat(text(picture, "/route/policy")).isEqualTo("PREFER_LAN");
        assertThat(text(picture, "/route/reason")).isNotEmpty();
        assertThat(picture.at("/route/rttMillis").asDouble()).isPositive();
        assertThat(text(picture, "/route/candidates/0/state")).isEqualTo("IN_USE");
        for (String since :
                new String[] {"/connection/since", "/route/since", "/lifecycle/since", "/freshness/since"}) {
            assertThat(Instant.parse(text(picture, since))).as(since).isBefore(Instant.now());
        }
    }

    @Test
    void everyResourceIsListedWithItsServiceAndItsMethods() {
        JsonNode listed = gateway.get("/api/v1/machines/rover/resources").json().get("resources");
        try (DirectMachine direct = machine.direct()) {
            Map<Inventory.Resource, String> states = Inventory.states(direct);
            Map<String, String> services = direct.serviceByApi();
            assertThat(listed.size()).isEqualTo(states.size());
            for (JsonNode each : listed) {
                String api = each.get("api").asString();
                var resource = new Inventory.Resource(api, each.get("name").asString());
                assertThat("STATE_" + each.get("state").asString())
                        .as("%s", resource)
                        .isEqualTo(states.get(resource));
                assertThat(each.get("service").asString()).isEqualTo(services.get(api));
                assertThat(each.get("methods")
                                .valueStream()
                                .map(method -> method.get("name").asString()))
                        .containsExactlyInAnyOrderElementsOf(
                                direct.descriptions().service(services.get(api)).getMethods().stream()
                                        .map(method -> method.getName())
                                        .toList());
            }
        }
    }

    @Test
    void aMachineThatIsStoppedIsShownSoAndComesBackByItself() {
        machine.stop();
        timeline.awaitState("TRANSIENT_FAILURE", "connection refused by " + machine.address(), SOON);
        JsonNode picture = gateway.picture(GatewayUnderTest.MACHINE);
        assertThat(picture.get("route").isNull()).isTrue();
        assertThat(text(picture, "/freshness/state")).isEqualTo("STALE");
        assertThat(gateway.call("/components/motor/m1/IsPowered", "{}").member("code"))
                .isEqualTo("machine-unreachable");
        machine.start();
        assertItIsBack();
    }

    @Test
    void aMachineThatIsKilledIsShownSoAndComesBackByItself() {
        machine.kill();
        timeline.awaitState("TRANSIENT_FAILURE", "connection refused by " + machine.address(), SOON);
        machine.start();
        assertItIsBack();
    }

    @Test
    void aMachineWhoseNetworkSettingsChangeIsDialedAgainByItself() {
        CompletableFuture<Void> changed = CompletableFuture.runAsync(machine::changeNetworkSettings);
        timeline.awaitState("TRANSIENT_FAILURE", "the connection to " + machine.address() + " closed", SOON);
        assertItIsBack();
        changed.join();
    }

    @Test
    void aMachineThatHoldsStillIsToldFromOneThatIsGone() {
        machine.freeze();
        try {
            timeline.awaitState("TRANSIENT_FAILURE", "2 status polls in a row failed", Duration.ofSeconds(30));
        } finally {
            machine.thaw();
        }
        assertItIsBack();
    }

    @Test
    void aParkedMachineIsLeftAloneUntilItIsToBeConnected() {
        gateway.post("/api/v1/machines/rover/disconnect", "");
        timeline.awaitState("IDLE", "parked by", SOON);
        assertThat(gateway.call("/components/motor/m1/IsPowered", "{}").member("code"))
                .isEqualTo("machine-unreachable");
        gateway.post("/api/v1/machines/rover/connect", "");
        assertItIsBack();
    }

    private void assertItIsBack() {
        timeline.awaitReadyAfter(ready, SOON);
        timeline.assertSinceMovesWithTheStateOnly();
        machine.awaitBuilt();
        assertThat(gateway.call("/components/motor/m1/IsPowered", "{}").status())
                .isEqualTo(200);
        assertThat(text(gateway.picture(GatewayUnderTest.MACHINE), "/route/peer"))
                .isEqualTo(machine.address());
    }

    private static String text(JsonNode picture, String pointer) {
        return picture.at(pointer).asString();
    }
}
