package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.connection.Connections;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/** In which order the whole gateway ends. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ShutdownIT {

    @Autowired
    private Connections connections;

    @Autowired
    private Streams streams;

    @Test
    void readersAreToldFirstAndTheMachinesAreLetGoLast() {
        assertThat(streams.getPhase()).isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
        assertThat(((SmartLifecycle) connections).getPhase())
                .isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
    }
}
