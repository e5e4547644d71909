package dev.fleetgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The alerts, judged by Prometheus itself. */
class AlertsTests {

    @Test
    void eachAlertIsGivenWhereItShouldBeAndNotBefore() throws Exception {
        Needs.program("promtool", "prometheus");
        // The paths in the file are relative to it.
        Process promtool = new ProcessBuilder("promtool", "test", "rules", "alerts.yaml")
                .directory(Path.of("src/test/resources").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as("%s", said).isZero();
    }
}
