package dev.fleetgateway.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fleetgateway.problem.SettingsException;
import dev.fleetgateway.time.FakeTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class ConfiguredFleetTests {

    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime();
    private final List<String> news = new ArrayList<>();

    private ConfiguredFleet fleet(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("machines.yml"), yaml);
        MachinesFile source = new MachinesFile(
                file,
                MachineSettings.NONE,
                SignalingSettings.NONE,
                new MockEnvironment().withProperty("ROVER_KEY", "secret"));
        ConfiguredFleet fleet = new ConfiguredFleet(List.of(source), time);
        fleet.listen(new Fleet.Listener() {
            @Override
            public void added(Machine machine) {
                news.add("+" + machine.name());
            }

            @Override
            public void removed(Machine machine) {
                news.add("-" + machine.name());
            }
        });
        return fleet;
    }

    @Test
    void theFileIsTheSameMapAsInTheSettings() throws Exception {
        ConfiguredFleet fleet = fleet("""
                rover-1:
                  address: rover.lab:8080
                  labels: {site: lab, "[a/b]": c}
                  credentials: {id: k1, key: "${ROVER_KEY}"}
                rover-2: {address: "10.0.0.8"}
                """);
        assertThat(fleet.machines()).extracting(Machine::name).containsExactly("rover-1", "rover-2");
        Machine first = fleet.machine("rover-1").orElseThrow();
        assertThat(first.labels()).containsEntry("site", "lab").containsEntry("a/b", "c");
        assertThat(first.credentials())
                .isNotNull()
                .extracting(key -> key.source().read())
                .isEqualTo("secret");
    }

    @Test
    void aChangedFileIsTakenWholeAndOnlyWhatChangedIsTold() throws Exception {
        ConfiguredFleet fleet = fleet("a: {address: \"h:1\"}\nb: {address: \"h:2\"}\nc: {address: \"h:3\"}\n");
        news.clear();
        Files.writeString(
                folder.resolve("machines.yml"),
                "a: {address: \"h:1\"}\nb: {address: \"h:9\"}\nd: {address: \"h:4\"}\n");
        fleet.reload();
        assertThat(news).containsExactly("-b", "-c", "+b", "+d");
    }

    @Test
    void aBadFileLeavesTheFleetAsItWas() throws Exception {
        ConfiguredFleet fleet = fleet("a: {address: \"h:1\"}\n");
        for (String bad :
                List.of("a: {adress: \"h:1\"}", "a: {address: \"http://h\"}", "a: [", "a: {route-policy: NEAR}")) {
            Files.writeString(folder.resolve("machines.yml"), bad);
            assertThatExceptionOfType(SettingsException.class)
                    .isThrownBy(fleet::reload)
                    .satisfies(e -> assertThat(e.getMessage()).contains("machines.yml"));
            assertThat(fleet.machines()).extracting(Machine::name).containsExactly("a");
        }
    }

    @Test
    void whatIsNotYamlIsToldWithoutQuotingTheFileWhichMayHoldKeys() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> fleet("a: {address: \"h:1\"}\n  key: s3cr3t: x\n"))
                .withMessageContaining("not valid YAML at line 2")
                .withMessageNotContaining("s3cr3t");
    }

    @Test
    void aMisspeltKeyInTheFileIsNamed() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> fleet("a: {address: \"h:1\", adresses: [x]}"))
                .withMessageContaining("a.adresses");
    }

    @Test
    void oneNameInTwoSourcesStopsTheStart() {
        Machine machine = new MachineSettings("h:1", null, null, null, null, null, null, null, null)
                .toMachine("gateway.machines.a", "a", MachineSettings.NONE);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> new ConfiguredFleet(List.of(() -> List.of(machine), () -> List.of(machine)), time))
                .satisfies(e -> assertThat(e.key()).isEqualTo("gateway.machines.a"));
    }
}
