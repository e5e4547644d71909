package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.FleetGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole gateway with its settings for discovery, on loopback. */
class DiscoveryIT {

    private final String stranger = "stranger-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    @Test
    void aStrangerIsShownAndOneOfTheFleetIsNot() throws Exception {
        String friend = "friend-" + UUID.randomUUID();
        try (RawAnnouncer machines = new RawAnnouncer();
                ConfigurableApplicationContext gateway = start(
                        "--gateway.discovery.mdns=true",
                        "--gateway.machines.friend.address=127.0.0.1:1",
                        "--gateway.machines.friend.tls.server-name=" + friend)) {
            await().until(() -> {
                machines.say(new RawAnnouncer.Answers()
                        .service(stranger, stranger + ".local", 41_234)
                        .text(stranger, "grpc", "webrtc")
                        .address(stranger + ".local", "127.0.0.1")
                        .service(friend, stranger + ".local", 41_235));
                return get(gateway).contains(stranger)
                        && !gateway.getBean(Discovery.class).of(friend).isEmpty();
            });

            assertThat(get(gateway))
                    .contains("{\"name\":\"" + stranger
                            + "\",\"addresses\":[\"127.0.0.1:41234\"],\"webrtc\":true,\"seenAt\":\"")
                    .doesNotContain(friend);
        }
    }

    @Test
    void whatWasKnownIsKnownAfterARestart() {
        InetSocketAddress socket = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.7"), 41_234);
        String file = "--gateway.discovery.known-file=" + folder.resolve("known.json");
        try (ConfigurableApplicationContext gateway = start(file)) {
            gateway.getBean(KnownAddresses.class).keep(stranger, socket);
        }
        try (ConfigurableApplicationContext gateway = start(file)) {
            assertThat(gateway.getBean(KnownAddresses.class).of(stranger)).contains(socket);
        }
    }

    @Test
    void unlessATestSaysSoNothingIsHeardAndNothingKept() {
        try (ConfigurableApplicationContext gateway = start()) {
            assertThat(gateway.getBean(Discovery.class)).isSameAs(Discovery.NONE);
            assertThat(gateway.getEnvironment().getProperty("gateway.discovery.known-file"))
                    .isEmpty();
            assertThat(gateway.getEnvironment().getProperty("gateway.discovery.interfaces[0]"))
                    .isEqualTo("127.0.0.1");
        }
    }

    private static ConfigurableApplicationContext start(String... settings) {
        String[] all = new String[settings.length + 1];
        all[0] = "--server.port=0";
        System.arraycopy(settings, 0, all, 1, settings.length);
        return SpringApplication.run(FleetGateway.class, all);
    }

    private static String get(ConfigurableApplicationContext gateway) throws IOException, InterruptedException {
        String port = gateway.getEnvironment().getRequiredProperty("local.server.port");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/discovered"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
