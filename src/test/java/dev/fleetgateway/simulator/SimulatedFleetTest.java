package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedFleetTest {

    private final FakeTime time = new FakeTime();

    @Test
    void theDemoHasTwelveMachinesAtTwoSitesOneOfThemOpen() {
        try (DemoFleet demo = new DemoFleet(time, new ScriptedPeers())) {
            assertThat(demo.machines()).hasSize(12);
            assertThat(demo.machines())
                    .extracting(one -> one.labels().get("site"))
                    .containsOnly("lab", "field");
            assertThat(demo.machines())
                    .filteredOn(
                            one -> one.credentials().isEmpty() && one.caPem().isEmpty())
                    .extracting(SimulatedMachine::name)
                    .containsExactly("bench");
            assertThat(demo.machine("rover-1").orElseThrow().caPem().orElseThrow())
                    .startsWith("-----BEGIN CERT");
            assertThat(demo.machine("nobody")).isEmpty();
        }
    }

    @Test
    void manyMachinesShareTheirThreads() {
        int before = Thread.activeCount();
        List<MachineSpec> specs = IntStream.range(0, 200)
                .mapToObj(i -> MachineSpec.named("m" + i))
                .toList();
        try (SimulatedFleet fleet = SimulatedFleet.start(time, specs)) {
            Set<Integer> ports = new HashSet<>();
            fleet.machines().forEach(machine -> ports.add(machine.port()));
            assertThat(ports).hasSize(200);
            assertThat(Thread.activeCount() - before).isLessThan(20);
        }
    }

    @Test
    void whatNoMachineCanBeIsRefusedWithTheReason() {
        MachineSpec spec = MachineSpec.named("rover");
        assertThatThrownBy(() -> MachineSpec.named("Rover One")).hasMessageContaining("host name");
        assertThatThrownBy(() -> spec.withWindow(Duration.ofMillis(29))).hasMessageContaining("30 ms");
        assertThatThrownBy(() -> SimulatedFleet.start(time, spec, spec)).hasMessageContaining("Two machines");
        assertThatThrownBy(() -> SimulatedFleet.start(
                        time, spec.withResources(List.of(ResourceSpec.of("rdk:component:base", "b", "left", "right")))))
                .hasMessageContaining("must stand before it");
        assertThat(spec.withKey("id", "secret").toString()).doesNotContain("secret");
    }
}
