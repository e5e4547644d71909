package dev.fleetgateway.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fleetgateway.machine.MachineSettings.TlsSettings;
import dev.fleetgateway.machine.SignalingSettings.IceServerSettings;
import dev.fleetgateway.problem.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalingSettingsTests {

    private static final String KEY = "gateway.machines.rover-1";
    private static final TlsSettings PLAINTEXT = new TlsSettings(Tls.Mode.PLAINTEXT, null, null);

    private static @Nullable Signaling signaling(
            String address, @Nullable String serverName, @Nullable SignalingSettings own) {
        return machine(address, serverName, null, own, MachineSettings.NONE, SignalingSettings.NONE);
    }

    private static @Nullable Signaling machine(
            String address,
            @Nullable String serverName,
            MachineSettings.@Nullable CredentialSettings credentials,
            @Nullable SignalingSettings own,
            MachineSettings defaults,
            SignalingSettings forAll) {
        return new MachineSettings(
                        address,
                        null,
                        null,
                        null,
                        credentials,
                        new TlsSettings(null, serverName, null),
                        null,
                        null,
                        own)
                .toMachine(KEY, "rover-1", defaults, forAll)
                .signaling();
    }

    private static SignalingSettings at(String address) {
        return new SignalingSettings(address, null, null, null);
    }

    private static SignalingSettings named(String host) {
        return new SignalingSettings(null, null, null, host);
    }

    private static MachineSettings defaults(SignalingSettings signaling) {
        return new MachineSettings(null, null, null, null, null, null, null, null, signaling);
    }

    @ParameterizedTest
    @CsvSource({
        "rover.abc.viam.cloud, , rover.abc.viam.cloud",
        "Rover.abc.viam.cloud:8080, , rover.abc.viam.cloud",
        "10.0.0.7, rover.abc.viam.cloud, rover.abc.viam.cloud",
        "rover.abc.viam.cloud, rover.lab, rover.abc.viam.cloud",
        "rover.abc.viam.cloud, rover.abc.local.viam.cloud, rover.abc.viam.cloud",
    })
    void aMachineOfTheCloudIsSignaledByTheCloud(String address, String serverName, String host) {
        assertThat(signaling(address, serverName, null))
                .isEqualTo(new Signaling(
                        new Address("app.viam.com", 443),
                        new Tls(Tls.Mode.REQUIRED, "app.viam.com", null),
                        host,
                        List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "rover.abc.local.viam.cloud,",
        "10.0.0.7, rover.abc.local.viam.cloud",
        "rover.abc.local.viam.cloud, rover.abc.viam.cloud",
        "rover.lab,",
        "viam.cloud.example.com,",
    })
    void aLocalNameAndAForeignOneNeverLeadToTheCloud(String address, String serverName) {
        assertThat(signaling(address, serverName, null)).isNull();
    }

    @Test
    void aMachineThatNamesAServerIsSignaledWhateverItIsCalled() {
        Signaling found = Objects.requireNonNull(signaling("10.0.0.2", null, at("10.0.0.2")));

        assertThat(found.address()).isEqualTo(new Address("10.0.0.2", 443));
        assertThat(found.host()).isEqualTo("10.0.0.2");
        assertThat(Objects.requireNonNull(signaling(
                                "10.0.0.2", null, new SignalingSettings("10.0.0.2:8080", PLAINTEXT, null, "[::]:8080")))
                        .host())
                .isEqualTo("[::]:8080");
    }

    @Test
    void aLocalNameWaitsUnderTheCloudsName() {
        assertThat(Objects.requireNonNull(signaling("rover.abc.local.viam.cloud", null, at("signaling.lab")))
                        .host())
                .isEqualTo("rover.abc.viam.cloud");
    }

    @Test
    void aMachineThatOnlyHasANameThereIsSignaledByTheServerForAll() {
        assertThat(Objects.requireNonNull(signaling("10.0.0.2", null, named("Rover.abc.viam.cloud")))
                        .host())
                .isEqualTo("rover.abc.viam.cloud");
    }

    @Test
    void theNearestPlaceCounts() {
        IceServerSettings stun = new IceServerSettings(List.of("stun:stun.lab:3478"), null, null);
        SignalingSettings forAll =
                new SignalingSettings("cloud.lab:8443", new TlsSettings(null, "cloud", "lab-ca"), List.of(stun), null);

        Signaling ofAll =
                Objects.requireNonNull(machine("rover.abc.viam.cloud", null, null, null, MachineSettings.NONE, forAll));
        assertThat(ofAll.address()).isEqualTo(new Address("cloud.lab", 8443));
        assertThat(ofAll.tls()).isEqualTo(new Tls(Tls.Mode.REQUIRED, "cloud", "lab-ca"));
        assertThat(ofAll.iceServers())
                .singleElement()
                .satisfies(server -> assertThat(server.urls()).containsExactly("stun:stun.lab:3478"));

        Signaling ofDefaults =
                Objects.requireNonNull(machine("rover.lab", null, null, null, defaults(at("site.lab:443")), forAll));
        assertThat(ofDefaults.address().host()).isEqualTo("site.lab");
        assertThat(ofDefaults.iceServers()).hasSize(1);

        Signaling ofItsOwn = Objects.requireNonNull(machine(
                "rover.lab",
                null,
                null,
                new SignalingSettings("10.0.0.2:8080", null, List.of(), null),
                defaults(at("site.lab:443")),
                forAll));
        assertThat(ofItsOwn.address().host()).isEqualTo("10.0.0.2");
        assertThat(ofItsOwn.iceServers()).isEmpty();
    }

    @Test
    void howOneServerIsProtectedIsNotTakenForAnother() {
        SignalingSettings forAll =
                new SignalingSettings(null, new TlsSettings(Tls.Mode.PLAINTEXT, "cloud", "lab-ca"), null, null);
        Signaling found = Objects.requireNonNull(
                machine("rover.lab", null, null, at("10.0.0.2:8080"), MachineSettings.NONE, forAll));

        assertThat(found.tls()).isEqualTo(new Tls(Tls.Mode.REQUIRED, "10.0.0.2", null));
    }

    @Test
    void whereThereIsNoServerForAllOnlyWhoNamesOneIsSignaled() {
        MachineSettings settings =
                new MachineSettings("rover.abc.viam.cloud", null, null, null, null, null, null, null, null);

        assertThat(settings.toMachine(KEY, "rover-1", MachineSettings.NONE).signaling())
                .isNull();
    }

    @Test
    void aKeyNeverTravelsToASignalingServerOverPlaintext() {
        SignalingSettings own = new SignalingSettings("10.0.0.2:8080", PLAINTEXT, null, null);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> machine(
                        "rover.lab",
                        null,
                        new MachineSettings.CredentialSettings("id", "secret", null),
                        own,
                        MachineSettings.NONE,
                        SignalingSettings.NONE))
                .satisfies(e -> assertThat(e.key()).isEqualTo(KEY + ".signaling.tls.mode"))
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "http://rover", "", "röver"})
    void aNameThatNoMachineHasIsNamed(String host) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> signaling("rover.lab", null, named(host)))
                .satisfies(e -> assertThat(e.key()).isEqualTo(KEY + ".signaling.host"));
    }

    @Test
    void twoMachinesCannotWaitUnderOneName() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(
                        () -> machine("rover.lab", null, null, null, defaults(named("rover")), SignalingSettings.NONE))
                .satisfies(e -> assertThat(e.key()).isEqualTo("gateway.defaults.signaling.host"));
    }

    @Test
    void theCredentialOfATurnServerIsReadFromItsFileAndNeverPrinted(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("turn"), "hush\n");
        Signaling found = Objects.requireNonNull(signaling("rover.lab", null, turn("me", file)));
        Signaling.IceServer server = found.iceServers().getFirst();

        assertThat(server.username()).isEqualTo("me");
        assertThat(Objects.requireNonNull(server.credential()).read()).isEqualTo("hush");
        assertThat(found.toString()).doesNotContain("hush");
    }

    @Test
    void aTurnServerNeedsANameAndACredential(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("turn"), "hush");
        assertRefused(turn(null, file), ".signaling.ice-servers[0]");
        assertRefused(turn("me", null), ".signaling.ice-servers[0]");
        assertRefused(turn("me", folder.resolve("absent")), ".signaling.ice-servers[0].credential-file");
        assertRefused(
                new SignalingSettings("signaling.lab", null, List.of(new IceServerSettings(null, null, null)), null),
                ".signaling.ice-servers[0].urls");
    }

    private static SignalingSettings turn(@Nullable String username, @Nullable Path file) {
        return new SignalingSettings(
                "signaling.lab",
                null,
                List.of(new IceServerSettings(List.of("turn:turn.lab:3478?transport=udp"), username, file)),
                null);
    }

    private static void assertRefused(SignalingSettings own, String key) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> signaling("rover.lab", null, own))
                .satisfies(e -> assertThat(e.key()).isEqualTo(KEY + key));
    }
}
