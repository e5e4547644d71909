package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fleetgateway.problem.SettingsException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoverySettingsTests {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "eth 0", "10.0.0.0/24", "fe80::1"})
    void whatCanBeNoInterfaceIsNamedWithItsPlace(String name) {
        assertThatThrownBy(() -> new DiscoverySettings(true, List.of("eth0", name), null))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("gateway.discovery.interfaces[1] is '" + name + "'");
    }

    @Test
    void anInterfaceNamedTwiceIsAMistake() {
        assertThatThrownBy(() -> new DiscoverySettings(true, List.of("eth0", "lo", "eth0"), null))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("gateway.discovery.interfaces[2] is 'eth0' once more");
    }

    @Test
    void knownAddressesAreKeptInTheUsersFolderForStateUnlessSaidOtherwise() {
        assertThat(new DiscoverySettings(true, List.of(), null).file())
                .hasValueSatisfying(
                        file -> assertThat(file).endsWithRaw(Path.of("fleet-gateway", "known-addresses.json")));
        assertThat(new DiscoverySettings(true, List.of(), "/var/lib/known.json").file())
                .contains(Path.of("/var/lib/known.json"));
        assertThat(new DiscoverySettings(true, List.of(), "").file()).isEmpty();
    }

    @Test
    void aPathThatIsNoneIsAMistake() {
        assertThatThrownBy(() -> new DiscoverySettings(true, List.of(), "a\0b"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("gateway.discovery.known-file");
    }
}
