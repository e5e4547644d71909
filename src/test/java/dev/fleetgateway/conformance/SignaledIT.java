package dev.fleetgateway.conformance;

import static dev.fleetgateway.conformance.GatewayUnderTest.MACHINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.fleetgateway.conformance.GatewayUnderTest.Answer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The machine is reached by WebRTC alone, agreed on by its own signaling server. */
@ParameterizedClass
@EnumSource(Protection.class)
record SignaledIT(Protection protection) {

    private static final String LEASE = "/api/v1/machines/" + MACHINE + "/lease";
    private static final String ENDLESS = "{\"rpm\": 10, \"revolutions\": 1000}";
    private static final Duration SOON = Duration.ofSeconds(10);

    private static MachineUnderTest machine;
    private static DirectMachine direct;
    private static GatewayUnderTest gateway;

    @BeforeParameterizedClassInvocation
    static void start(Protection protection) {
        machine = MachineUnderTest.startWithWebRtc(protection);
        direct = machine.direct();
        gateway = GatewayUnderTest.before(machine, GatewayUnderTest.signaled(MACHINE, machine));
        Timeline.of(gateway, MACHINE).awaitReady(Duration.ofSeconds(20));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (gateway != null) {
            gateway.close();
            direct.close();
            machine.close();
        }
    }

    @Test
    void theRouteSaysHowItIsReached() {
        JsonNode route = gateway.picture(MACHINE).get("route");
        assertThat(route.get("via").asString()).as(route.toString()).isEqualTo("SIGNALING");
        assertThat(route.get("transport").asString()).isEqualTo("WEBRTC");
        assertThat(route.get("policy").asString()).isEqualTo("INTERNET_ONLY");
        // Both are on one host, and how it was agreed on does not make an address of another kind.
        assertThat(route.get("kind").asString()).isEqualTo("LAN");
        assertThat(route.get("peer").asString()).isNotEqualTo(machine.address());
        assertThat(route.get("candidates")
                        .valueStream()
                        .map(each -> each.get("via").asString() + " "
                                + each.get("state").asString()))
                .containsExactlyInAnyOrder("SIGNALING IN_USE", "ADDRESS EXCLUDED");
    }

    @Test
    void aReadAnswersAsItDoesDirectly() {
        Answer told = gateway.call("/components/sensor/s1/GetReadings", "{}");
        assertThat(told.status()).as(told.body()).isEqualTo(200);
        JsonNode said = JsonMapper.shared()
                .readTree(direct.call("viam.component.sensor.v1.SensorService", "GetReadings", "{\"name\": \"s1\"}")
                        .answer());
        assertThat(told.json()).isEqualTo(said);
    }

    @Test
    void everyResourceIsListedWithItsMethods() {
        JsonNode listed =
                gateway.get("/api/v1/machines/" + MACHINE + "/resources").json().get("resources");
        Map<String, String> services = direct.serviceByApi();
        assertThat(listed.size()).isEqualTo(Inventory.states(direct).size());
        for (JsonNode each : listed) {
            String service = services.get(each.get("api").asString());
            assertThat(each.get("service").asString()).isEqualTo(service);
            assertThat(each.get("methods")
                            .valueStream()
                            .map(method -> method.get("name").asString()))
                    .containsExactlyInAnyOrderElementsOf(direct.descriptions().service(service).getMethods().stream()
                            .map(MethodDescriptor::getName)
                            .toList());
        }
    }

    @Test
    void anImageComesWhole() {
        Answer told = gateway.call("/components/camera/cam1/GetImages", "{}");
        assertThat(told.status()).as(told.body()).isEqualTo(200);
        JsonNode image = told.json().at("/images/0");
        assertThat(image.get("image").binaryValue()).hasSizeGreaterThan(100);
        assertThat(image.get("mimeType").asString()).startsWith("image/");
    }

    @Test
    void anErrorIsInTheMachinesWords() {
        Answer told = gateway.call("/components/motor/m9/IsPowered", "{}");
        assertThat(told.status()).as(told.body()).isEqualTo(404);
        assertThat(told.member("code")).isEqualTo("resource-unknown");
        assertThat(told.member("detail")).isEqualTo("no node found with api rdk:component:motor and name m9");
    }

    @Test
    void aReleaseStopsWhatMovedUnderTheLease() {
        String lease = acquire("{\"windowMillis\": 5000}");
        assertThat(power(lease).status()).isEqualTo(200);
        assertThat(isPowered()).isTrue();
        // Its session is the data channel's, and by that the machine knows whom it protects.
        assertThat(direct.call("viam.robot.v1.RobotService", "GetSessions", "{}")
                        .answer())
                .contains("PEER_CONNECTION_TYPE_WEBRTC");
        Answer released = gateway.delete(LEASE, "Gateway-Lease", lease);
        assertThat(released.status()).as(released.body()).isLessThan(300);
        assertThat(isPowered()).isFalse();
    }

    @Test
    void aHolderWhoIsNotHeardOfLosesHisMotionWithinTheWindow() {
        String lease = acquire("{\"windowMillis\": 1000}");
        assertThat(power(lease).status()).isEqualTo(200);
        assertThat(isPowered()).isTrue();
        await().atMost(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !isPowered());
        assertThat(power(lease).member("code")).isEqualTo("lease-lost");
    }

    @Test
    void aMotionWhoseCallerHangsUpIsStopped() {
        CompletableFuture<HttpResponse<String>> going = gateway.begin("/components/motor/m1/GoFor", ENDLESS);
        await().atMost(SOON).until(SignaledIT::isPowered);
        going.cancel(true);
        await().atMost(Duration.ofSeconds(3)).until(() -> !isPowered());
    }

    @Test
    void aDialThatIsRefusedSaysWhy() {
        Map<String, String> settings = new LinkedHashMap<>(GatewayUnderTest.signaled(MACHINE, machine));
        settings.put("gateway.machines." + MACHINE + ".signaling.host", "nobody.test.viam.cloud");
        if (machine.secured()) {
            settings.putAll(GatewayUnderTest.signaled("wrong-key", machine));
            settings.put("gateway.machines.wrong-key.credentials.key", "wrong");
        }
        String server = "the signaling server " + machine.address();
        try (GatewayUnderTest refused = GatewayUnderTest.before(machine, settings)) {
            String unknown = "no machine waits at %s under the name nobody.test.viam.cloud".formatted(server);
            Timeline.of(refused, MACHINE).awaitState("TRANSIENT_FAILURE", unknown, SOON);
            if (machine.secured()) {
                String key =
                        "%s did not accept API key %s: invalid credentials".formatted(server, MachineUnderTest.KEY_ID);
                Timeline.of(refused, "wrong-key").awaitState("TRANSIENT_FAILURE", key, SOON);
            }
        }
    }

    private static String acquire(String wish) {
        Answer granted = gateway.post(LEASE, wish);
        assertThat(granted.status()).as(granted.body()).isEqualTo(201);
        return granted.member("id");
    }

    private static Answer power(String lease) {
        return gateway.call("/components/motor/m1/SetPower", "{\"powerPct\": 1}", "Gateway-Lease", lease);
    }

    /** Asked past the gateway. */
    private static boolean isPowered() {
        return direct.call("viam.component.motor.v1.MotorService", "IsPowered", "{\"name\": \"m1\"}")
                .answer()
                .contains("\"isOn\": true");
    }
}
