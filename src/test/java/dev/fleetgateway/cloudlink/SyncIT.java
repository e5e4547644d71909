package dev.fleetgateway.cloudlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.FleetGateway;
import dev.fleetgateway.simulator.MachineSpec;
import dev.fleetgateway.simulator.ResourceSpec;
import dev.fleetgateway.simulator.SimulatedFleet;
import dev.fleetgateway.simulator.SimulatedMachine;
import dev.fleetgateway.time.FastTime;
import dev.fleetgateway.time.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole gateway and its machines, with time that passes twenty times as fast. */
class SyncIT {

    private static final Duration LONG = Duration.ofSeconds(40);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ResourceSpec SENSOR = ResourceSpec.of("rdk:component:sensor", "s1");
    private static final ResourceSpec DATA_MANAGER = ResourceSpec.of("rdk:service:data_manager", "builtin");

    private static FastTime time;
    private static SimulatedFleet fleet;
    private static ConfigurableApplicationContext gateway;
    private static String root;

    @BeforeAll
    static void starts() {
        time = new FastTime(20);
        fleet = SimulatedFleet.start(
                time,
                List.of(
                        MachineSpec.named("managed").inCloud().withResources(List.of(SENSOR, DATA_MANAGER)),
                        MachineSpec.named("other").inCloud().withResources(List.of(SENSOR, DATA_MANAGER)),
                        MachineSpec.named("bare").inCloud().withResources(List.of(SENSOR)),
                        MachineSpec.named("alone").withResources(List.of(SENSOR, DATA_MANAGER))));
        List<String> settings = new ArrayList<>(List.of("--server.port=0", "--gateway.defaults.tls.mode=PLAINTEXT"));
        for (SimulatedMachine machine : fleet.machines()) {
            settings.add("--gateway.machines." + machine.name() + ".address=" + machine.address());
        }
        gateway = new SpringApplicationBuilder(FleetGateway.class)
                .initializers(context -> ((GenericApplicationContext) context)
                        .registerBean("fastTime", Time.class, () -> time, SyncIT::first))
                .run(settings.toArray(String[]::new));
        root = "http://127.0.0.1:" + gateway.getEnvironment().getRequiredProperty("local.server.port")
                + "/api/v1/machines/";
    }

    private static void first(BeanDefinition definition) {
        definition.setPrimary(true);
    }

    @AfterAll
    static void ends() {
        if (gateway != null) {
            gateway.close();
            fleet.close();
            time.close();
        }
    }

    @AfterEach
    void allIsWell() {
        fleet.machines().forEach(SimulatedMachine::mend);
    }

    private static JsonNode sync(String machine) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(root + machine + "/sync"))
                    .timeout(LONG)
                    .build();
            return JsonMapper.shared()
                    .readTree(HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                            .body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode becomes(String machine, String state) {
        await(machine + " is " + state)
                .atMost(LONG)
                .until(() -> sync(machine).path("state").asString("").equals(state));
        return sync(machine);
    }

    private static Instant since(JsonNode sync) {
        return Instant.parse(sync.path("since").asString());
    }

    @Test
    void aMachineThatLosesTheInternetIsPausedAfterAMinuteAndIsBackWithTwoSignsOfIt() {
        JsonNode active = becomes("managed", "ACTIVE");
        assertThat(active.path("confidence").asString()).isEqualTo("MEDIUM");
        assertThat(active.path("evidence").path(0).path("detail").asString()).isEqualTo("advances every 10 s");

        Instant lost = time.now();
        fleet.machine("managed").orElseThrow().loseInternet();
        JsonNode paused = becomes("managed", "PAUSED");
        assertThat(Duration.between(since(paused), time.now()))
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(100));
        assertThat(since(paused)).isBetween(lost.minusSeconds(25), lost.plusSeconds(11));
        assertThat(paused.path("reason").asString())
                .contains("seen from the machine itself; data capture goes on, upload waits");
        assertThat(becomes("other", "ACTIVE").path("state").asString()).isEqualTo("ACTIVE");

        Instant back = time.now();
        fleet.machine("managed").orElseThrow().mend();
        JsonNode again = becomes("managed", "ACTIVE");
        assertThat(since(again)).isAfter(back);
        assertThat(again.path("reason").asString()).contains("uploads may lag");
        await().atMost(LONG)
                .until(() -> sync("managed").path("reason").asString().contains("cannot be seen from here"));
        assertThat(since(sync("managed"))).isEqualTo(since(again));
    }

    @Test
    void aMachineThatStartsWithoutTheInternetIsPausedAfterAMinuteAndLittleIsClaimed() {
        becomes("other", "ACTIVE");
        SimulatedMachine machine = fleet.machine("other").orElseThrow();
        machine.loseInternet();
        machine.restart();
        JsonNode paused = becomes("other", "PAUSED");
        assertThat(paused.path("reason").asString()).contains("no contact with the Viam cloud since");
    }

    @Test
    void whatHasNoDataManagerOrNoCloudHasNothingToSync() {
        assertThat(becomes("bare", "NOT_APPLICABLE").path("reason").asString()).contains("no data manager");
        assertThat(becomes("alone", "NOT_APPLICABLE").path("reason").asString())
                .contains("no cloud manages this machine");
    }

    @Test
    void aMachineThatIsNotReachedIsNotJudged() {
        becomes("managed", "ACTIVE");
        fleet.machine("managed").orElseThrow().powerOff();
        assertThat(becomes("managed", "UNKNOWN").path("reason").asString())
                .contains("the machine is not reached")
                .contains("when last seen, it was in contact with the Viam cloud");
    }
}
