package dev.fleetgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.conformance.Timeline.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class CredentialsIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    // What only a change of settings can mend is tried again after 24 to 36 s, or after 38 to 58 s where the first dial
    // met
    // a port that was not open yet: that counts as a failure too.
    private static final Duration NOT_SO_SOON = Duration.ofSeconds(75);

    private static final String WRONG_KEY = "wrong-key";

    @TempDir
    private static Path directory;

    private static MachineUnderTest machine;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(keyFile(), "wrong-at-first");
        machine = MachineUnderTest.start(Protection.SECURED);
        Map<String, String> settings = new LinkedHashMap<>(GatewayUnderTest.entry(WRONG_KEY, machine));
        settings.remove("gateway.machines.wrong-key.credentials.key");
        settings.put(
                "gateway.machines.wrong-key.credentials.key-file", keyFile().toString());
        gateway = GatewayUnderTest.before(machine, settings);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        machine.close();
    }

    private static Path keyFile() {
        return directory.resolve("key");
    }

    @Test
    void aWrongKeyIsNotTriedOverAndOverAndTheRightOneIsTakenAtConnect() throws IOException {
        Timeline timeline = Timeline.of(gateway, WRONG_KEY);
        timeline.awaitState("TRANSIENT_FAILURE", "the machine did not accept API key", SOON);
        gateway.post("/api/v1/machines/rover/disconnect", "");
        Timeline.of(gateway, GatewayUnderTest.MACHINE).awaitState("IDLE", "", SOON);
        gateway.post("/api/v1/machines/wrong-key/connect", "");
        Moment refused = timeline.awaitState("TRANSIENT_FAILURE", "the machine did not accept API key", SOON);
        JsonNode connection = gateway.picture(WRONG_KEY).get("connection");
        assertThat(connection.get("attempts").asInt()).isEqualTo(1);
        assertThat(Instant.parse(connection.get("nextAttemptAt").asString()))
                .isAfter(Instant.now().plusSeconds(15));
        long calls = calls();
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(5))
                .until(() -> timeline.look().equals(refused) && calls() == calls);
        Files.writeString(keyFile(), MachineUnderTest.KEY);
        gateway.post("/api/v1/machines/wrong-key/connect", "");
        timeline.awaitReady(SOON);
        gateway.post("/api/v1/machines/rover/connect", "");
    }

    /** How often the machine was called; a real one does not tell. */
    private static long calls() {
        return machine instanceof SimulatedMachineUnderTest simulated ? simulated.callsSeen() : 0;
    }

    @Test
    void aKeyThatIsNoLongerTakenIsTakenAgainAtConnect() {
        Timeline timeline = Timeline.of(gateway, GatewayUnderTest.MACHINE);
        Moment ready = timeline.awaitReady(SOON);
        machine.refuseKey();
        timeline.awaitState("TRANSIENT_FAILURE", "the machine did not accept API key", SOON);
        machine.acceptKey();
        gateway.post("/api/v1/machines/rover/connect", "");
        timeline.awaitReadyAfter(ready, SOON);
        timeline.assertSinceMovesWithTheStateOnly();
    }

    @Test
    void aMachineThatShowsAnotherCertificateIsNotTalkedToUntilItShowsItsOwn() {
        Timeline timeline = Timeline.of(gateway, GatewayUnderTest.MACHINE);
        Moment ready = timeline.awaitReady(SOON);
        machine.showOtherCertificate();
        timeline.awaitState("TRANSIENT_FAILURE", "certificate", SOON);
        machine.showOwnCertificate();
        timeline.awaitReadyAfter(ready, NOT_SO_SOON);
        timeline.assertSinceMovesWithTheStateOnly();
    }
}
