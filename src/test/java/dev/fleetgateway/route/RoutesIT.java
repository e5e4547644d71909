package dev.fleetgateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.FleetGateway;
import dev.fleetgateway.peer.NativePeers;
import dev.fleetgateway.peer.PeerNeeds;
import dev.fleetgateway.simulator.CloudSpec;
import dev.fleetgateway.simulator.MachineSpec;
import dev.fleetgateway.simulator.SimulatedCloud;
import dev.fleetgateway.simulator.SimulatedFleet;
import dev.fleetgateway.simulator.SimulatedMachine;
import dev.fleetgateway.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway before machines that announce themselves on loopback and wait at a small cloud, all over real sockets. */
class RoutesIT {

    /** No bound to be met, only one that a hanging test runs into. */
    private static final Duration LONG = Duration.ofSeconds(40);

    private static final String READ = "/components/sensor/s1/GetReadings";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static SystemTime time;
    private static NativePeers peers;
    private static SimulatedFleet fleet;
    private static SimulatedCloud cloud;
    private static ConfigurableApplicationContext gateway;
    private static String root;

    @BeforeAll
    static void starts(@TempDir Path folder) throws IOException {
        peers = PeerNeeds.peers();
        time = new SystemTime();
        List<MachineSpec> specs = new ArrayList<>();
        for (String name : List.of("announced", "signaled", "roaming", "local")) {
            specs.add(MachineSpec.named(name)
                    .withTls()
                    .withKey("key-" + name, "secret-" + name)
                    .inCloud()
                    .withMdns()
                    .withWebRtc());
        }
        fleet = SimulatedFleet.start(time, peers, specs);
        cloud = SimulatedCloud.start(time, CloudSpec.onLoopback());
        cloud.connect(fleet);
        Files.writeString(folder.resolve("ca.pem"), fleet.caPem());
        Files.writeString(folder.resolve("cloud.pem"), cloud.caPem());
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("server.port", "0");
        settings.put("spring.ssl.bundle.pem.lab.truststore.certificate", "file:" + folder + "/ca.pem");
        settings.put("spring.ssl.bundle.pem.cloud.truststore.certificate", "file:" + folder + "/cloud.pem");
        settings.put("gateway.discovery.mdns", "true");
        settings.put("gateway.route.hysteresis", "1s");
        settings.put("gateway.signaling.address", cloud.address());
        settings.put("gateway.signaling.tls.bundle", "cloud");
        settings.put("gateway.defaults.tls.bundle", "lab");
        for (SimulatedMachine machine : fleet.machines()) {
            String key = "gateway.machines." + machine.name() + ".";
            settings.put(key + "address", machine.name().equals("local") ? machine.localName() : machine.serverName());
            settings.put(key + "credentials.id", "key-" + machine.name());
            settings.put(key + "credentials.key", "secret-" + machine.name());
        }
        settings.put("gateway.machines.signaled.route-policy", "INTERNET_ONLY");
        gateway = SpringApplication.run(
                FleetGateway.class,
                settings.entrySet().stream()
                        .map(each -> "--" + each.getKey() + "=" + each.getValue())
                        .toArray(String[]::new));
        root = "http://127.0.0.1:" + gateway.getEnvironment().getRequiredProperty("local.server.port")
                + "/api/v1/machines/";
    }

    @AfterAll
    static void ends() {
        if (gateway != null) {
            gateway.close();
            cloud.close();
            fleet.close();
            peers.close();
            time.close();
        }
    }

    @AfterEach
    void allIsWell() {
        cloud.mend();
        fleet.machines().forEach(SimulatedMachine::mend);
    }

    private static HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(root + path)));
    }

    private static HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(URI.create(root + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(LONG).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode route(String machine) {
        return JsonMapper.shared().readTree(get(machine + "/route").body());
    }

    private static SimulatedMachine machine(String name) {
        return fleet.machine(name).orElseThrow();
    }

    private static void isReachedBy(String machine, String via, String transport) {
        await(machine + " is reached by " + via)
                .atMost(LONG)
                .untilAsserted(() -> assertThat(route(machine).path("via").asString("")
                                + " "
                                + route(machine).path("transport").asString(""))
                        .isEqualTo(via + " " + transport));
    }

    @Test
    void aMachineThatAnnouncesItselfIsReachedWithoutAnAddress() {
        isReachedBy("announced", "MDNS", "GRPC");
        assertThat(route("announced").path("kind").asString()).isEqualTo("LAN");
        assertThat(post("announced" + READ, "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void aLocalNameIsReachedByItsAnnouncementAndNotBySignaling() {
        isReachedBy("local", "MDNS", "GRPC");
        assertThat(route("local").path("candidates").toString()).doesNotContain("SIGNALING");
    }

    @Test
    void byAPolicyOfInternetOnlyAMachineIsReachedByItsSignalingAndDoesAllItDoesElsewhere() {
        isReachedBy("signaled", "SIGNALING", "WEBRTC");
        assertThat(post("signaled" + READ, "{}").statusCode()).isEqualTo(200);
        HttpResponse<String> image = post("signaled/components/camera/cam1/GetImages", "{}");
        assertThat(image.statusCode()).isEqualTo(200);
        HttpResponse<String> lease = post("signaled/lease", "{\"windowMillis\": 5000}");
        assertThat(lease.statusCode()).as(lease.body()).isEqualTo(201);
        String id = JsonMapper.shared().readTree(lease.body()).path("id").asString();
        HttpResponse<String> moved =
                send(HttpRequest.newBuilder(URI.create(root + "signaled/components/motor/m1/SetPower"))
                        .header("Content-Type", "application/json")
                        .header("Gateway-Lease", id)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"powerPct\": 1}")));
        assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
        assertThat(machine("signaled").isMoving("m1")).isTrue();
        assertThat(machine("signaled").protector("m1")).isPresent();
        send(HttpRequest.newBuilder(URI.create(root + "signaled/lease"))
                .header("Gateway-Lease", id)
                .DELETE());
        assertThat(machine("signaled").isMoving("m1")).isFalse();
    }

    @Test
    void withoutItsLanAMachineIsReachedOverTheInternetAndThenByTheLanAgainWithoutAFailedRead() {
        isReachedBy("roaming", "MDNS", "GRPC");
        machine("roaming").leaveLan();
        isReachedBy("roaming", "SIGNALING", "WEBRTC");
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        ScheduledExecutorService readers = Executors.newScheduledThreadPool(20);
        try {
            for (int i = 0; i < 20; i++) {
                var _ = readers.scheduleAtFixedRate(
                        () -> {
                            HttpResponse<String> read = post("roaming" + READ, "{}");
                            if (read.statusCode() != 200) {
                                failures.add(read.body());
                            }
                        },
                        5L * i,
                        100,
                        TimeUnit.MILLISECONDS);
            }
            await("reads go on").atMost(LONG).until(() -> machine("roaming").callsSeen() > 200);
            machine("roaming").mend();
            isReachedBy("roaming", "MDNS", "GRPC");
            long then = machine("roaming").callsSeen();
            await("reads go on there")
                    .atMost(LONG)
                    .until(() -> machine("roaming").callsSeen() > then + 1_500);
        } finally {
            readers.shutdownNow();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void withoutTheInternetAMachineOnTheLanIsOnTheLan() {
        isReachedBy("announced", "MDNS", "GRPC");
        machine("announced").loseInternet();
        cloud.refuse();
        assertThat(post("announced" + READ, "{}").statusCode()).isEqualTo(200);
        isReachedBy("announced", "MDNS", "GRPC");
    }
}
