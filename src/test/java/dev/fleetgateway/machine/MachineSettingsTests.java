package dev.fleetgateway.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fleetgateway.problem.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineSettingsTests {

    private static final String KEY = "gateway.machines.rover-1";

    private static MachineSettings at(String address) {
        return new MachineSettings(address, null, null, null, null, null, null, null, null);
    }

    private static Machine machine(MachineSettings settings) {
        return settings.toMachine(KEY, "rover-1", MachineSettings.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "rover.abc.viam.cloud, rover.abc.viam.cloud, 8080",
        "Rover.Lab:9000, rover.lab, 9000",
        "10.0.0.7:8081, 10.0.0.7, 8081",
        "[fd00::7]:8081, fd00::7, 8081",
        "fd00::7, fd00::7, 8080",
    })
    void anAddressIsReadAsPeopleWriteIt(String text, String host, int port) {
        assertThat(machine(at(text)).address()).isEqualTo(new Address(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://rover:8080", "rover:0", "rover:70000", "rover:x", "[fd00::7", "a b", " ", "rover/x"})
    void aBadAddressIsNamed(String text) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> machine(at(text)))
                .satisfies(e -> assertThat(e.key()).isEqualTo(KEY + ".address"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Rover", "rover_1", "-rover", "rover-", "", "röver"})
    void aBadNameIsRefused(String name) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> at("rover:8080").toMachine("gateway.machines." + name, name, MachineSettings.NONE));
    }

    @Test
    void aKeyNeverTravelsOverPlaintext() {
        MachineSettings settings = new MachineSettings(
                "rover:8080",
                null,
                null,
                null,
                new MachineSettings.CredentialSettings("id", "secret", null),
                new MachineSettings.TlsSettings(Tls.Mode.PLAINTEXT, null, null),
                null,
                null,
                null);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> machine(settings))
                .satisfies(e -> assertThat(e.key()).isEqualTo(KEY + ".tls.mode"))
                .withMessageNotContaining("secret");
    }

    @Test
    void credentialsNeedAnIdAndExactlyOneKey(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "  from-file\n");
        assertThatExceptionOfType(SettingsException.class).isThrownBy(() -> machine(with(null, "k", null)));
        assertThatExceptionOfType(SettingsException.class).isThrownBy(() -> machine(with("id", null, null)));
        assertThatExceptionOfType(SettingsException.class).isThrownBy(() -> machine(with("id", "k", file)));
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> machine(with("id", null, folder.resolve("absent"))))
                .satisfies(e -> assertThat(e.key()).isEqualTo(KEY + ".credentials.key-file"));
        ApiKey key = Objects.requireNonNull(machine(with("id", null, file)).credentials());
        assertThat(key.source().read()).isEqualTo("from-file");
        Files.writeString(file, "rotated");
        assertThat(key.source().read()).isEqualTo("rotated");
    }

    private static MachineSettings with(@Nullable String id, @Nullable String key, @Nullable Path file) {
        return new MachineSettings(
                "rover:8080",
                null,
                null,
                null,
                new MachineSettings.CredentialSettings(id, key, file),
                null,
                null,
                null,
                null);
    }

    @Test
    void noSecretIsEverPrinted() {
        Machine machine = machine(with("id", "hush", null));
        assertThat(machine.toString()).doesNotContain("hush");
        assertThat(with("id", "hush", null).toString()).doesNotContain("hush");
    }

    @Test
    void whatAMachineDoesNotSayIsTakenFromTheDefaults() {
        MachineSettings defaults = new MachineSettings(
                null,
                null,
                Map.of("site", "lab", "kind", "rover"),
                RoutePolicy.LAN_ONLY,
                null,
                new MachineSettings.TlsSettings(Tls.Mode.PLAINTEXT, null, null),
                Duration.ofSeconds(3),
                null,
                null);
        Machine machine = new MachineSettings(
                        "rover:8080", List.of("10.0.0.9"), Map.of("kind", "arm"), null, null, null, null, null, null)
                .toMachine(KEY, "rover-1", defaults);
        assertThat(machine.labels()).containsEntry("site", "lab").containsEntry("kind", "arm");
        assertThat(machine.routePolicy()).isEqualTo(RoutePolicy.LAN_ONLY);
        assertThat(machine.tls()).isEqualTo(new Tls(Tls.Mode.PLAINTEXT, "rover", null));
        assertThat(machine.dialTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(machine.addresses()).containsExactly(new Address("10.0.0.9", 8080));
    }
}
