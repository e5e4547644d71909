package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.status.FakeFleet;
import dev.fleetgateway.status.Pictures;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        classes = {DoorUnderTest.class, SocketDoorIT.Impatient.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "spring.threads.virtual.enabled=true"})
class SocketDoorIT {

    @LocalServerPort
    private int port;

    @Autowired
    private FakeFleet fleet;

    @Autowired
    private FakeCommands commands;

    @Autowired
    private FakeLeases leases;

    @Autowired
    private Pictures pictures;

    private final Set<String> machines = new HashSet<>();

    @BeforeEach
    void oneMachine() {
        add("r1", "lab");
        leases.stops.clear();
        leases.held.clear();
        leases.left.clear();
        commands.calls.clear();
        commands.cancelled.clear();
        leases.stopOutcomes.clear();
    }

    @AfterEach
    void none() {
        machines.forEach(fleet::remove);
        await().until(() -> pictures.feed().readers() == 0);
    }

    @Test
    void helloComesFirstAndTheProtocolIsTheOneOffered() throws Exception {
        try (Caller caller = new Caller(port, "fleet-gateway.v1");
                Caller plain = new Caller(port)) {
            JsonNode hello = caller.next();
            assertThat(caller.protocol()).isEqualTo("fleet-gateway.v1");
            assertThat(hello.get("method").asString()).isEqualTo("hello");
            assertThat(hello.at("/params/epoch").asString())
                    .isEqualTo(pictures.feed().epoch());
            assertThat(hello.at("/params/heartbeatMillis").asInt()).isPositive();
            assertThat(hello.at("/params/limits/messageBytes").asInt()).isEqualTo(1 << 20);
            assertThat(plain.next().get("method").asString()).isEqualTo("hello");
        }
    }

    @Test
    void aSubscriberGetsTheFleetAndThenWhatChanges() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.next("hello");
            caller.ask(1, "subscribe", "{\"selector\": \"site=lab\"}");
            assertThat(caller.next()).isEqualTo(tree("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
            JsonNode snapshot = caller.next();
            assertThat(snapshot.get("method").asString()).isEqualTo("snapshot");
            assertThat(snapshot.at("/params/last").asBoolean()).isTrue();
            assertThat(snapshot.at("/params/machines/0/name").asString()).isEqualTo("r1");

            add("far", "yard");
            fleet.answers("r1");
            JsonNode changes = caller.next("changes");
            assertThat(changes.at("/params/machines")).hasSize(1);
            assertThat(changes.at("/params/machines/0/connection/state").asString())
                    .isEqualTo("READY");
            assertThat(changes.at("/params/machines/0"))
                    .isEqualTo(Json.MAPPER.readTree(
                            pictures.picture("r1").orElseThrow().json()));

            fleet.remove("far");
            fleet.remove("r1");
            assertThat(caller.next("removed").at("/params/names")).isEqualTo(tree("[\"r1\"]"));

            caller.ask(2, "unsubscribe", "{}").answer();
            add("r1", "lab");
            caller.ask(3, "ping", "{}");
            assertThat(caller.next().get("id").asInt()).isEqualTo(3);
        }
    }

    @Test
    void howTheUplinkIsIsToldToWhoSubscribes() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.ask(1, "subscribe", "{}").answer();
            assertThat(caller.next("uplink").at("/params/uplink/state").asString())
                    .isEqualTo("NOT_APPLICABLE");
        }
    }

    @Test
    void whoComesBackGetsWhatHeMissedOrIsToldThatThereIsAGap() throws Exception {
        long seq;
        try (Caller caller = new Caller(port)) {
            caller.ask(1, "subscribe", "{}");
            seq = caller.next("snapshot").at("/params/seq").asLong();
        }
        add("r2", "lab");
        String since = "{\"since\":{\"epoch\":\"%s\",\"seq\":%d}}";
        try (Caller caller = new Caller(port)) {
            caller.next("hello");
            caller.ask(1, "subscribe", since.formatted(pictures.feed().epoch(), seq))
                    .answer();
            JsonNode missed = caller.next();
            assertThat(missed.get("method").asString()).isEqualTo("changes");
            assertThat(missed.at("/params/machines/0/name").asString()).isEqualTo("r2");

            caller.ask(2, "subscribe", since.formatted("another-life", seq)).answer();
            assertThat(caller.next().get("method").asString()).isEqualTo("gap");
            assertThat(caller.next().get("method").asString()).isEqualTo("snapshot");
        }
    }

    @Test
    void aCallIsAnsweredWithTheMachinesOwnWords() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.ask(
                    7,
                    "call",
                    "{\"machine\":\"r1\",\"resource\":\"rdk:component:sensor/s1\",\"method\":\"GetReadings\","
                            + "\"request\":{\"x\":1.50},\"timeoutMillis\":2000}");
            assertThat(caller.answer())
                    .isEqualTo(tree("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"response\":"
                            + "{\"readings\":{\"a\":1.50}},\"operation\":\"op-1\",\"route\":\"LAN\"}}"));
            assertThat(commands.calls.getFirst().json().toStringUtf8()).isEqualTo("{\"x\":1.50}");
            assertThat(commands.calls.getFirst().timeout()).isEqualTo(Duration.ofSeconds(2));
        }
    }

    @Test
    void whatCannotBeDoneIsToldAsTheProblemOfTheOtherDoors() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.ask(
                    1, "call", "{\"machine\":\"r1\",\"resource\":\"rdk:component:motor/m\",\"method\":\"SetPower\"}");
            JsonNode error = caller.answer().get("error");
            assertThat(error.get("code").asInt()).isEqualTo(-32000);
            assertThat(error.at("/data/code").asString()).isEqualTo("lease-required");
            assertThat(error.at("/data/machine").asString()).isEqualTo("r1");

            caller.ask(
                    2,
                    "call",
                    "{\"machine\":\"r1\",\"resource\":\"rdk:component:motor/m\",\"method\":\"GoFor\",\"lease\":7}");
            assertThat(caller.answer().at("/error/data/field").asString()).isEqualTo("lease");
        }
    }

    @Test
    void aCallCarriesItsLeaseAndItsHold() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.ask(
                            1,
                            "call",
                            "{\"machine\":\"r1\",\"resource\":\"rdk:component:sensor/s1\",\"method\":\"GetReadings\","
                                    + "\"lease\":\"x\",\"holdMillis\":500}")
                    .answer();
            assertThat(commands.calls.getFirst().lease()).isEqualTo("x");
            assertThat(commands.calls.getFirst().hold()).isEqualTo(Duration.ofMillis(500));
        }
    }

    @Test
    void aLeaseIsAcquiredBeatenAndGivenBack() throws Exception {
        try (Caller caller = new Caller(port)) {
            JsonNode lease = caller.ask(1, "lease.acquire", "{\"machine\":\"r1\",\"windowMillis\":900}")
                    .answer()
                    .get("result");
            assertThat(lease.get("windowMillis").asInt()).isEqualTo(900);
            String id = "{\"lease\":\"" + lease.get("id").asString() + "\"}";
            assertThat(caller.ask(2, "lease.beat", id)
                            .answer()
                            .at("/result/machine")
                            .asString())
                    .isEqualTo("r1");
            assertThat(caller.ask(3, "lease.acquire", "{\"machine\":\"r1\"}")
                            .answer()
                            .at("/error/data/code")
                            .asString())
                    .isEqualTo("lease-held");
            assertThat(caller.ask(4, "lease.take", "{\"machine\":\"r1\"}")
                            .answer()
                            .at("/result/stop/outcome")
                            .asString())
                    .isEqualTo("STOPPED");
            assertThat(caller.ask(5, "lease.release", id)
                            .answer()
                            .at("/result/stop/outcome")
                            .asString())
                    .isEqualTo("STOPPED");
            assertThat(caller.ask(6, "lease.beat", id)
                            .answer()
                            .at("/error/data/code")
                            .asString())
                    .isEqualTo("lease-unknown");
        }
    }

    @Test
    void aLeaseEndsWithTheSocketOfItsCaller() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.ask(1, "lease.acquire", "{\"machine\":\"r1\"}").answer();
        }
        await().untilAsserted(() -> assertThat(leases.left).containsExactly("lease-of-r1"));
    }

    @Test
    void whatWasSentWhileTheGatewayStoodStillIsNotDoneButAStop() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.ask(1, "ping", "{}").answer();
            leases.standStill();
            // The pong comes behind what is sent here before the ping is read, and only then are commands taken again.
            await().untilAsserted(() -> assertThat(caller.ask(2, "lease.acquire", "{\"machine\":\"r1\"}")
                            .answer()
                            .at("/result/machine")
                            .asString())
                    .isEqualTo("r1"));
            assertThat(caller.ask(3, "stop", "{\"machine\":\"r1\"}")
                            .answer()
                            .at("/result/outcome")
                            .asString())
                    .isEqualTo("STOPPED");
        }
    }

    @Test
    void whatIsNotAsItShouldBeIsRefusedByName() throws Exception {
        try (Caller caller = new Caller(port)) {
            assertRefused(caller.send("{nonsense"), -32700, "not JSON");
            assertRefused(caller.send("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]"), -32600, "no batches");
            assertRefused(caller.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"x\":1}"), -32600, "'x'");
            assertRefused(caller.send("{\"id\":1,\"method\":\"ping\"}"), -32600, "'jsonrpc'");
            assertRefused(caller.ask(1, "watch", "{}"), -32601, "'watch'");
            assertRefused(caller.ask(1, "lease.acquire", "{}"), -32602, "'machine'");
            assertRefused(caller.ask(1, "ping", "[]"), -32602, "'params'");
            assertRefused(caller.ask(1, "ping", "{\"loud\":true}"), -32602, "'loud'");
            assertRefused(caller.ask(1, "subscribe", "{\"selector\":\"a b\"}"), -32602, "is not a selector");
            assertRefused(caller.ask(1, "subscribe", "{\"since\":{\"epoch\":\"e\"}}"), -32602, "'seq'");
            assertRefused(caller.ask(1, "call", "{\"machine\":\"r1\",\"resource\":\"m\"}"), -32602, "'resource'");
            assertRefused(caller.ask(1, "stop", "{}"), -32602, "'machine' or 'selector'");
            caller.ask(9, "ping", "{}");
            assertThat(caller.answer().has("result")).isTrue();
        }
    }

    @Test
    void aCallCanBeCancelledAndEndsWithItsSocket() throws Exception {
        String call = "{\"machine\":\"r1\",\"resource\":\"rdk:component:arm/a\",\"method\":\"GetEndPosition\"}";
        try (Caller caller = new Caller(port)) {
            caller.ask(1, "call", call);
            await().until(() -> commands.calls.size() == 1);
            assertRefused(caller.ask(1, "call", call), -32600, "in flight already");
            caller.ask(2, "cancel", "{\"call\":1}");
            Set<String> answers = new HashSet<>();
            answers.add(caller.answer().toString());
            answers.add(caller.answer().toString());
            assertThat(answers).anyMatch(answer -> answer.contains("\"cancelled\":true"));
            assertThat(answers).anyMatch(answer -> answer.contains("call-cancelled"));
            caller.ask(3, "cancel", "{\"call\":1}");
            assertThat(caller.answer().at("/result/cancelled").asBoolean(true)).isFalse();

            for (int id = 10; id < 13; id++) {
                caller.ask(id, "call", call);
            }
            await().until(() -> commands.calls.size() == 4);
            caller.ask(13, "call", call);
            assertThat(caller.answer().at("/error/data/code").asString()).isEqualTo("too-many-calls");
        }
        await().until(() -> commands.cancelled.size() == 4);
    }

    @Test
    void stopIsHeardBySocketToo() throws Exception {
        add("r2", "lab");
        try (Caller caller = new Caller(port)) {
            caller.ask(1, "stop", "{\"machine\":\"r1\"}");
            assertThat(caller.answer().at("/result/outcome").asString()).isEqualTo("STOPPED");
            leases.stopOutcomes.put("r2", StopReport.Outcome.FAILED);
            caller.ask(2, "stop", "{\"selector\":\"site=lab\"}");
            JsonNode partly = caller.answer();
            assertThat(partly.at("/error/data/code").asString()).isEqualTo("stop-incomplete");
            assertThat(partly.at("/error/data/stop/stopped").asInt()).isEqualTo(1);
            caller.ask(3, "stop", "{\"machine\":\"unknown\"}");
            assertThat(caller.answer().at("/error/data/code").asString()).isEqualTo("machine-unknown");
            // A notification has no answer, but a stop is a stop.
            caller.send("{\"jsonrpc\":\"2.0\",\"method\":\"stop\",\"params\":{\"machine\":\"r1\"}}");
            await().until(() ->
                    leases.stops.stream().filter(stop -> stop.startsWith("r1")).count() == 3);
        }
    }

    @Test
    void whatIsNoRequestAtAllClosesTheSocket() throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.sendBinary();
            assertThat(caller.closeCode()).isEqualTo(4400);
        }
        try (Caller caller = new Caller(port)) {
            for (int i = 0; i < 10; i++) {
                caller.send("garbage");
            }
            assertThat(caller.closeCode()).isEqualTo(4400);
        }
        try (Caller caller = new Caller(port)) {
            caller.send("\"" + "x".repeat(1 << 20) + "\"");
            assertThat(caller.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void whoDoesNotAnswerPingsIsLetGo() throws Exception {
        try (RawCaller caller = new RawCaller(port).openSocket();
                Caller wellBehaved = new Caller(port)) {
            assertClosedWith(caller.readAll(), 4408);
            assertThat(wellBehaved.closed).isNotDone();
        }
    }

    @Test
    void whoAsksFasterThanHeReadsIsLetGo() throws Exception {
        long before = pictures.feed().dropped();
        try (RawCaller caller = new RawCaller(port).openSocket()) {
            String ping = "{\"jsonrpc\":\"2.0\",\"id\":\"" + "x".repeat(60_000) + "\",\"method\":\"ping\"}";
            // On a thread of its own: a write waits once the other end reads no more, which is what is looked for.
            Thread asking = Thread.startVirtualThread(() -> {
                try {
                    while (!Thread.currentThread().isInterrupted()) {
                        caller.send(ping);
                    }
                } catch (IOException _) {
                    // Let go.
                }
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> pictures.feed().dropped() > before);
            asking.interrupt();
        }
    }

    @Test
    void aReaderThatReadsAByteNowAndThenHoldsOneFrameAndIsThenLetGo() throws Exception {
        for (int i = 0; i < 400; i++) {
            add("many-" + i, "lab");
        }
        long before = pictures.feed().dropped();
        try (RawCaller caller = new RawCaller(port).openSocket()) {
            caller.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\",\"params\":{}}");
            await().until(() -> pictures.feed().readers() == 1);
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        machines.forEach(
                                machine -> fleet.loses(machine, "at " + System.identityHashCode(new Object())));
                        assertThat(caller.readByte()).isNotNegative();
                        caller.pong();
                        return pictures.feed().readers() == 0;
                    });
            assertThat(pictures.feed().dropped()).isGreaterThan(before);
        }
    }

    private void add(String machine, String site) {
        machines.add(machine);
        fleet.add(machine, Map.of("site", site));
    }

    private static void assertRefused(Caller caller, int code, String words) throws Exception {
        JsonNode error = caller.answer().get("error");
        assertThat(error.get("code").asInt()).isEqualTo(code);
        assertThat(error.get("message").asString()).contains(words);
    }

    private static void assertClosedWith(byte[] all, int code) {
        byte[] tail = {(byte) (code >> 8), (byte) code};
        boolean found = false;
        for (int i = 2; i < all.length - 1; i++) {
            found |= (all[i - 2] & 0xff) == 0x88 && Arrays.equals(all, i, i + 2, tail, 0, 2);
        }
        assertThat(found).as("a close frame with " + code).isTrue();
    }

    private static JsonNode tree(String json) {
        return Json.MAPPER.readTree(json);
    }

    static class Impatient {

        @Bean
        SocketLimits limits() {
            return new SocketLimits(1 << 20, 3, 256, 16 << 20, 10, Duration.ofMillis(400), Duration.ofSeconds(1));
        }
    }
}
