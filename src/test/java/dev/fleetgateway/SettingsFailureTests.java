package dev.fleetgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a person sees who starts the gateway with settings that make no sense. */
@ExtendWith(OutputCaptureExtension.class)
class SettingsFailureTests {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.0.2.7", "::", ""})
    void openAccessDoesNotStartOnAnyAddressButLoopback(String address, CapturedOutput output) {
        assertDoesNotStart("--server.address=" + address);

        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START", "server.address", "gateway.access.mode is OPEN", "Action:")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "health,loggers", "heapdump"})
    void openAccessOpensASecondPortOnlyForWhatAnybodyMaySee(String endpoints, CapturedOutput output) {
        assertDoesNotStart("--management.server.port=0", "--management.endpoints.web.exposure.include=" + endpoints);

        assertThat(output.getOut())
                .contains(
                        "management.endpoints.web.exposure.include holds",
                        "management.server.port opens a second port",
                        "It was set in ");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:3000/",
        "fleet.example.com",
        "*",
        "https://*.example.com",
        "null",
        "ftp://example.com",
        "https://example.com:99999",
        "https://user@example.com"
    })
    void whatIsNoOriginIsNamedWithItsPlaceInTheListAndWhereItWasSet(String origin, CapturedOutput output) {
        assertDoesNotStart(
                "--gateway.access.allowed-origins[0]=https://good.example.com",
                "--gateway.access.allowed-origins[1]=" + origin);

        assertThat(output.getOut())
                .contains(
                        "gateway.access.allowed-origins[1] is \"" + origin + "\"", "It was set in ", "commandLineArgs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"KEYS", "oidc"})
    void aModeOfALaterVersionIsSaidToBeOne(String mode, CapturedOutput output) {
        assertDoesNotStart("--gateway.access.mode=" + mode);

        assertThat(output.getOut()).contains("gateway.access.mode is", "this version knows OPEN only");
    }

    @Test
    void aWordThatIsNoModeIsNamedByItsKey(CapturedOutput output) {
        assertDoesNotStart("--gateway.access.mode=SHUT");

        assertThat(output.getOut()).contains("APPLICATION FAILED TO START", "gateway.access.mode", "SHUT");
    }

    @Test
    void aMisspeltKeyIsNamed(CapturedOutput output) {
        assertDoesNotStart("--gateway.access.alowed-origins=http://localhost:1");

        assertThat(output.getOut()).contains("APPLICATION FAILED TO START", "gateway.access.alowed-origins");
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.signaling.address, http://app.viam.com",
        "gateway.signaling.host, rover.abc.viam.cloud",
        "gateway.signaling.tls.bundle, absent",
        "gateway.signaling.ice-servers[0].urls[0], https://stun.example.com",
        "gateway.webrtc.burst, 0",
        "gateway.webrtc.dials-per-minute, 100000",
    })
    void whatIsSaidOfSignalingMakesSenseAlsoWhereNoMachineUsesIt(String key, String value, CapturedOutput output) {
        assertDoesNotStart("--" + key + "=" + value);

        assertThat(output.getOut()).contains("APPLICATION FAILED TO START", key + " is", "It was set in ");
    }

    @Test
    void theBundleOfAMachinesSignalingServerIsMissedAtTheStart(CapturedOutput output) {
        assertDoesNotStart(
                "--gateway.machines.rover.address=10.0.0.7",
                "--gateway.machines.rover.signaling.address=10.0.0.7:8080",
                "--gateway.machines.rover.signaling.tls.bundle=absent");

        assertThat(output.getOut()).contains("gateway.machines.rover.signaling.tls.bundle is 'absent'");
    }

    @Test
    void anInterfaceThatCanBeNoneIsNamedWithItsPlaceInTheList(CapturedOutput output) {
        assertDoesNotStart("--gateway.discovery.interfaces[0]=10.0.0.0/24");

        assertThat(output.getOut()).contains("gateway.discovery.interfaces[0] is '10.0.0.0/24'", "It was set in ");
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.history.path, pom.xml, pom.xml is a file",
        "gateway.history.path, pom.xml/history, pom.xml is a file",
        "gateway.history.path, a;b, takes no path with a ;",
        "gateway.history.keep, 0s, must be from 1m to 3650d",
        "spring.datasource.url, jdbc:mysql://127.0.0.1/fleet?password=secret, is not the address of a PostgreSQL database",
        "spring.datasource.url, jdbc:postgresql://127.0.0.1:no/fleet?password=secret, cannot be read as the address",
        "spring.datasource.driver-class-name, org.h2.Driver, Leave it out",
        "spring.datasource.hikari.maximum-pool-size, 5, spring.datasource.hikari",
    })
    void whereTheHistoryCannotBeKeptIsKnownAtTheStart(String key, String value, String why, CapturedOutput output) {
        assertDoesNotStart("--" + key + "=" + value);

        assertThat(output.getOut())
                .contains("APPLICATION FAILED TO START", key, why)
                .doesNotContain("secret");
    }

    @Test
    void theHistoryIsKeptAtOnePlace(CapturedOutput output) {
        assertDoesNotStart(
                "--gateway.history.path=target/history", "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/fleet");

        assertThat(output.getOut())
                .contains("gateway.history.path is set, and so is spring.datasource.url", "It was set in ");
    }

    @Test
    void aRefusedStartHasNotOpenedItsPort() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertDoesNotStart("--server.address=0.0.0.0", "--server.port=" + port);

        try (ServerSocket mine = new ServerSocket(port)) {
            assertThat(mine.isBound()).isTrue();
        }
    }

    private static void assertDoesNotStart(String... arguments) {
        String[] all = Stream.concat(Stream.of("--server.port=0"), Stream.of(arguments))
                .toArray(String[]::new);
        assertThatThrownBy(() -> SpringApplication.run(FleetGateway.class, all)).isNotNull();
    }
}
