package dev.fleetgateway.door;

import dev.fleetgateway.command.Commands;
import dev.fleetgateway.status.Pictures;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the news half of the room together: pictures, feed and stops. */
@Configuration(proxyBeanMethods = false)
class NewsDoor {

    // Longer than any stop takes that is repeated and looked at twice.
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    @Bean
    Stops stops(Commands commands, Pictures pictures) {
        return new Stops(commands, pictures, STOP_PATIENCE);
    }
}
