package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.time.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Machines that are found by mDNS, on loopback alone. */
class SimulatedAnnouncementTest {

    private static final String NAME = "rover.sim.viam.cloud";
    private static final String LOCAL = "rover.sim.local.viam.cloud";

    private final SimulatedFleet fleet =
            SimulatedFleet.start(new FakeTime(), MachineSpec.named("rover").withMdns());
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final JmDNS finder = finder();

    @AfterEach
    void close() {
        fleet.close();
        // Takes seconds, and nothing depends on it.
        Thread.startVirtualThread(() -> {
            try {
                finder.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aMachineIsFoundUnderItsNamesAtItsInternalPortWhichChangesAtARestart() {
        for (String name : List.of(NAME, LOCAL, NAME.replace('.', '-'), LOCAL.replace('.', '-'))) {
            ServiceInfo info = find(name);
            assertThat(info.getHostAddresses()).containsExactly("127.0.0.1");
            assertThat(info.getPort()).isNotEqualTo(machine.port());
            assertThat(Collections.list(info.getPropertyNames())).containsExactly("grpc");
            try (Caller caller = Caller.at(info.getPort())) {
                assertThat(SimulatedLinksTest.version(caller).isOk()).isTrue();
            }
        }
        int before = find(NAME).getPort();
        machine.restart();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            ServiceInfo info = ask(NAME);
            return info != null && info.getPort() != before;
        });
        try (Caller caller = Caller.at(find(NAME).getPort())) {
            assertThat(SimulatedLinksTest.version(caller).isOk()).isTrue();
        }
        machine.powerOff();
        assertThat(ask(NAME)).as("no goodbye from a killed machine").isNotNull();
    }

    private ServiceInfo find(String name) {
        return await().atMost(Duration.ofSeconds(20)).until(() -> ask(name), info -> info != null);
    }

    private @Nullable ServiceInfo ask(String name) {
        return finder.getServiceInfo(Announcers.TYPE, name, 1_000);
    }

    private static JmDNS finder() {
        try {
            return JmDNS.create(InetAddress.ofLiteral("127.0.0.1"), "finder");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
