package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

class DrainIT {

    @Test
    void theEndIsToldBeforeItComesAndStopsAreStillDone() throws Exception {
        SpringApplication application = new SpringApplication(DoorUnderTest.class);
        ConfigurableApplicationContext context = application.run(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.threads.virtual.enabled=true",
                "--spring.main.banner-mode=off");
        int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        try (Caller caller = new Caller(port);
                RawCaller events = new RawCaller(port).openEvents("")) {
            caller.next("hello");
            CompletableFuture<Void> end = CompletableFuture.runAsync(context::close);
            JsonNode goaway = caller.next("goaway");
            assertThat(goaway.at("/params/reason").asString()).isEqualTo("draining");
            assertThat(goaway.at("/params/withinMillis").asLong()).isEqualTo(2000);

            caller.ask(1, "stop", "{\"machine\":\"r1\"}");
            assertThat(caller.answer().at("/result/outcome").asString()).isEqualTo("STOPPED");
            caller.ask(
                    2,
                    "call",
                    "{\"machine\":\"r1\",\"resource\":\"rdk:component:sensor/s1\",\"method\":\"GetReadings\"}");
            JsonNode refused = caller.answer();
            assertThat(refused.at("/error/data/code").asString()).isEqualTo("draining");
            assertThat(refused.at("/error/data/outcome").asString()).isEqualTo("NOT_SENT");

            assertThat(caller.closeCode()).isEqualTo(4503);
            assertThat(new String(events.readAll(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("event: goaway\ndata: {");
            end.join();
        }
    }
}
