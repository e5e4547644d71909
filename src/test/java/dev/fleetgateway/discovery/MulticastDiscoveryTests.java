package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.network.SystemNetworks;
import dev.fleetgateway.time.SystemTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Against a machine on loopback that announces itself by the library as it is meant to be used. */
@ExtendWith(OutputCaptureExtension.class)
class MulticastDiscoveryTests {

    // Other tests may announce at the same time.
    private static final String LOCATION = UUID.randomUUID().toString().substring(0, 8);

    private static final String NAME = "rover." + LOCATION + ".viam.cloud";
    private static final String LEAVER = "leaver-" + LOCATION;
    private static JmDNS machine;
    private static ServiceInfo leaver;

    private final SystemTime time = new SystemTime();
    private final SystemNetworks networks = new SystemNetworks(time);
    private final MulticastDiscovery discovery = listening("127.0.0.1");

    @BeforeAll
    static void announce() throws IOException {
        machine = JmDNS.create(
                InetAddress.getByAddress("machine", new byte[] {127, 0, 0, 1}), "machine-" + UUID.randomUUID());
        machine.registerService(service(NAME, 41_234));
        leaver = service(LEAVER, 41_235);
        machine.registerService(leaver);
    }

    @AfterAll
    static void leave() {
        // It takes its seconds, and nobody waits for it.
        Thread.startVirtualThread(() -> {
            try {
                machine.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @AfterEach
    void close() {
        discovery.close();
        networks.close();
        time.close();
    }

    @Test
    void aMachineThatAnnouncesItselfIsSeenUnderAllItsNames() {
        await().until(() -> !discovery.of(NAME).isEmpty());

        assertThat(discovery.of(NAME)).singleElement().satisfies(sighting -> {
            assertThat(sighting.name()).isEqualTo(NAME);
            assertThat(sighting.socket().getAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
            assertThat(sighting.socket().getPort()).isEqualTo(41_234);
            assertThat(sighting.webrtc()).isTrue();
            assertThat(sighting.network()).isEqualTo("lo");
            assertThat(sighting.seenAt()).isBetween(time.now().minusSeconds(30), time.now());
        });
        assertThat(discovery.of("rover." + LOCATION + ".local.viam.cloud")).hasSize(1);
        assertThat(discovery.of("ROVER-" + LOCATION + "-viam-cloud")).hasSize(1);
        assertThat(discovery.of("other." + LOCATION + ".viam.cloud")).isEmpty();
        assertThat(discovery.of("not a name")).isEmpty();
        assertThat(discovery.all()).extracting(Sighting::name).contains(NAME);
    }

    @Test
    void askingAgainConfirmsASighting() {
        await().until(() -> !discovery.of(NAME).isEmpty());
        Instant before = discovery.of(NAME).getFirst().seenAt();

        await().timeout(Duration.ofSeconds(20)).until(() -> {
            discovery.seek("rover." + LOCATION + ".local.viam.cloud");
            return discovery.of(NAME).getFirst().seenAt().isAfter(before.plusSeconds(4));
        });
    }

    @Test
    void aGoodbyeIsHeardAndTold() {
        List<String> told = new CopyOnWriteArrayList<>();
        discovery.listen(told::add);
        await().until(() -> !discovery.of(LEAVER).isEmpty());
        assertThat(told).contains(LEAVER);

        told.clear();
        machine.unregisterService(leaver);
        await().until(() -> discovery.of(LEAVER).isEmpty());
        await().timeout(Duration.ofSeconds(20)).until(() -> told.contains(LEAVER));
    }

    @Test
    void anInterfaceThatIsNotThereIsAWarningAndNoEnd(CapturedOutput output) {
        try (MulticastDiscovery another = listening("no-such0", "lo")) {
            await().until(() -> !another.of(NAME).isEmpty());
        }
        assertThat(output.getOut()).containsOnlyOnce("gateway.discovery.interfaces names no-such0");
    }

    private MulticastDiscovery listening(String... interfaces) {
        return new MulticastDiscovery(new DiscoverySettings(true, List.of(interfaces), ""), networks, time);
    }

    private static ServiceInfo service(String name, int port) {
        return ServiceInfo.create(Ear.TYPE, name, port, 0, 0, Map.of("grpc", "", "webrtc", ""));
    }
}
