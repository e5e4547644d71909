package dev.fleetgateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.machine.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

class ReadmeIT {

    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- example: settings -->\\s+```yaml\\n(.*?)```", Pattern.DOTALL);

    @Test
    void theSettingsTheReadmeShowsStartTheGateway(@TempDir Path folder) throws Exception {
        Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
        assertThat(matcher.find()).isTrue();
        Path settings = Files.writeString(folder.resolve("application.yml"), matcher.group(1));
        try (ConfigurableApplicationContext context = SpringApplication.run(
                FleetGateway.class,
                "--server.port=0",
                "--ROVER_KEY=not-a-real-key",
                // A test asks nobody outside for a machine that is not there.
                "--gateway.signaling.address=127.0.0.1:1",
                "--spring.config.additional-location=file:" + settings)) {
            assertThat(context.getBean(Fleet.class).machines())
                    .extracting(Machine::name)
                    .containsExactly("bench", "rover-1");
        }
    }
}
