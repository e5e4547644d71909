package dev.fleetgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A start with nothing but the defaults, on any free port. */
@ExtendWith(OutputCaptureExtension.class)
class StartIT {

    @Test
    void theGatewaySaysWhereItIsAndIsReady(CapturedOutput output) throws Exception {
        try (var context = SpringApplication.run(FleetGateway.class, "--server.port=0")) {
            String at = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/";

            assertThat(output.getOut()).containsOnlyOnce("The fleet is at " + at);
            assertThat(get(at + "actuator/health").body()).contains("\"status\":\"UP\"");
            assertThat(get(at + "actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(get(at + "actuator/health/readiness").body())
                    .contains("readinessState")
                    .doesNotContain("diskSpace", "ssl", "db");
            assertThat(get(at + "actuator/prometheus").body()).contains("jvm_");
            assertThat(get(at + "actuator/info").statusCode()).isEqualTo(200);
            assertThat(get(at + "actuator/env").statusCode()).isEqualTo(404);
            assertThat(get(at + "actuator/heapdump").body()).contains("path-unknown");
        }
    }

    @Test
    void aSecondPortForProbesShowsHealthAndMetersAndIsNoDoor() throws Exception {
        try (var context = SpringApplication.run(
                FleetGateway.class, "--server.port=0", "--management.server.port=0", "--management.server.address=")) {
            String watch = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.management.port") + "/";
            String door = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/";

            assertThat(get(watch + "actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(get(watch + "actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(get(watch + "actuator/prometheus").body()).contains("gateway_machines");
            assertThat(get(watch + "api/v1/machines").statusCode()).isEqualTo(404);
            assertThat(get(watch).statusCode()).isEqualTo(404);
            assertThat(get(door + "api/v1/machines").statusCode()).isEqualTo(200);
            assertThat(get(door + "actuator/health").statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
