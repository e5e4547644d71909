package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.network.SystemNetworks;
import dev.fleetgateway.time.SystemTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against announcements on loopback, by the same library as it is meant to be used. */
class MulticastDiscoveryTests {

    private final SystemTime time = new SystemTime();
    private final SystemNetworks networks = new SystemNetworks(time);
    private final MulticastDiscovery discovery =
            new MulticastDiscovery(new DiscoverySettings(true, List.of("127.0.0.1"), ""), networks, time);
    private final List<JmDNS> machines = new CopyOnWriteArrayList<>();

    // Other tests may announce at the same time.
    private final String location = UUID.randomUUID().toString().substring(0, 8);

    @AfterEach
    void close() {
        machines.forEach(machine -> Thread.startVirtualThread(() -> {
            try {
                machine.close();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
        discovery.close();
        networks.close();
        time.close();
    }

    @Test
    void aMachineThatAnnouncesItselfIsSeenUnderAllItsNames() throws Exception {
        announce("rover." + location + ".viam.cloud", 41_234);
        String fqdn = "rover." + location + ".viam.cloud";

        await().until(() -> !discovery.of(fqdn).isEmpty());
        assertThat(discovery.of(fqdn)).singleElement().satisfies(sighting -> {
            assertThat(sighting.name()).isEqualTo(fqdn);
            assertThat(sighting.socket().getAddress()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
            assertThat(sighting.socket().getPort()).isEqualTo(41_234);
            assertThat(sighting.webrtc()).isTrue();
            assertThat(sighting.network()).isEqualTo("lo");
            assertThat(sighting.seenAt()).isBetween(time.now().minusSeconds(30), time.now());
        });
        assertThat(discovery.of("rover." + location + ".local.viam.cloud")).hasSize(1);
        assertThat(discovery.of("ROVER-" + location + "-viam-cloud")).hasSize(1);
        assertThat(discovery.of("other." + location + ".viam.cloud")).isEmpty();
        assertThat(discovery.all()).extracting(Sighting::name).contains(fqdn);
    }

    @Test
    void whoAnnouncedHimselfBeforeIsFoundByAsking() throws Exception {
        String name = "early-" + location;
        announce(name, 1_001);
        await().until(() -> !discovery.of(name).isEmpty());
        try (MulticastDiscovery later =
                new MulticastDiscovery(new DiscoverySettings(true, List.of("lo"), ""), networks, time)) {
            await().until(() -> !later.of(name).isEmpty());
        }
    }

    @Test
    void aGoodbyeIsHeardAndTold() throws Exception {
        String name = "leaver-" + location;
        List<String> told = new CopyOnWriteArrayList<>();
        discovery.listen(told::add);
        JmDNS machine = announce(name, 2_001);
        await().until(() -> !discovery.of(name).isEmpty());
        assertThat(told).contains(name);

        told.clear();
        machine.close();
        await().until(() -> discovery.of(name).isEmpty());
        await().timeout(Duration.ofSeconds(20)).until(() -> told.contains(name));
    }

    @Test
    void askingAgainConfirmsASighting() throws Exception {
        String name = "steady-" + location;
        announce(name, 3_001);
        await().until(() -> !discovery.of(name).isEmpty());
        var before = discovery.of(name).getFirst().seenAt();

        await().until(() -> {
            discovery.seek(name);
            return discovery.of(name).getFirst().seenAt().isAfter(before.plusSeconds(2));
        });
    }

    private JmDNS announce(String name, int port) throws Exception {
        JmDNS machine = JmDNS.create(
                InetAddress.getByAddress("machine", new byte[] {127, 0, 0, 1}), "machine-" + UUID.randomUUID());
        machines.add(machine);
        machine.registerService(service(name, port));
        return machine;
    }

    private static ServiceInfo service(String name, int port) {
        return ServiceInfo.create(Ear.TYPE, name, port, 0, 0, Map.of("grpc", "", "webrtc", ""));
    }
}
