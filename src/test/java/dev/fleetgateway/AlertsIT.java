package dev.fleetgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.yaml.snakeyaml.Yaml;

/** The alerts ask for what a running gateway tells. An alert on a meter that is not there is never given. */
class AlertsIT {

    private static final Pattern SERIES =
            Pattern.compile("(?<meter>gateway_[a-z_]+)(?:\\{(?<label>[a-z]+)=~?\"(?<values>[^\"]+)\"})?");

    @Test
    void everySeriesThatAnAlertAsksForIsInTheScrape() throws Exception {
        List<String> expressions = expressions();
        assertThat(expressions).isNotEmpty();
        String scrape = scrape();
        for (String expression : expressions) {
            List<String> asked = series(expression);
            assertThat(asked).as(expression).isNotEmpty();
            assertThat(scrape).contains(asked);
        }
    }

    private static List<String> expressions() throws Exception {
        Map<String, Object> file = new Yaml().load(Files.readString(Path.of("helm/rules/fleet-gateway.yaml")));
        return new Chart.Node(file)
                .at("groups", 0, "rules").list().stream()
                        .map(rule -> rule.at("expr").text())
                        .toList();
    }

    /** How the lines of the scrape begin that this expression needs. */
    private static List<String> series(String expression) {
        List<String> series = new ArrayList<>();
        Matcher matcher = SERIES.matcher(expression);
        while (matcher.find()) {
            if (matcher.group("label") == null) {
                series.add("\n" + matcher.group("meter") + " ");
            } else {
                for (String value : matcher.group("values").split("\\|", -1)) {
                    series.add("\n%s{%s=\"%s\"} ".formatted(matcher.group("meter"), matcher.group("label"), value));
                }
            }
        }
        return series;
    }

    private static String scrape() throws Exception {
        try (var context = SpringApplication.run(FleetGateway.class, "--server.port=0");
                HttpClient client = HttpClient.newHttpClient()) {
            String url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")
                    + "/actuator/prometheus";
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
