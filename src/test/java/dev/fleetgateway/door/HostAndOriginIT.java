package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.door.RawHttp.Reply;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "gateway.access.allowed-origins=https://fleet.example.com")
class HostAndOriginIT {

    @LocalServerPort
    private int port;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET /api/v1/permissions",
                "GET /api/v1/events",
                "GET /api/v1/ws",
                "GET /actuator/health",
                "GET /actuator/prometheus",
                "POST /api/v1/fleet/stop",
                "OPTIONS /api/v1/permissions",
                "GET /nothing"
            })
    void aHostNameThatAPagePointedHereReachesNothing(String start) throws IOException {
        send(start, "Host: evil.example:8090").isProblem(403, "origin-refused");
        RawHttp.send(port, start + " HTTP/1.0\n\n").isProblem(403, "origin-refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/permissions",
                "GET /api/v1/events",
                "POST /api/v1/fleet/stop",
                "DELETE /api/v1/x",
                "GET /"
            })
    void aPageOfAnotherOriginReachesNothing(String start) throws IOException {
        for (String origin : new String[] {"https://evil.example", "null", "http://localhost:1"}) {
            Reply reply = send(start, "Host: localhost", "Origin: " + origin).isProblem(403, "origin-refused");
            assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
        }
        send(start, "Host: localhost", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors")
                .isProblem(403, "origin-refused");
        send(start, "Host: localhost", "Sec-Fetch-Site: same-site").isProblem(403, "origin-refused");
    }

    @Test
    void aPageOfAnotherOriginOpensNoSocket() throws IOException {
        send(
                        "GET /api/v1/ws",
                        "Host: localhost",
                        "Origin: https://evil.example",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                .isProblem(403, "origin-refused");
    }

    @Test
    void ourOwnPageAndCallersThatAreNoBrowsersMayCall() throws IOException {
        String host = "Host: localhost:" + port;
        assertThat(send("GET /api/v1/permissions", host).body())
                .contains("{\"caller\":\"anonymous\",\"role\":\"ADMIN\",\"machines\":\"\",\"methods\":[\"*\"]}");
        Reply own = send(
                "GET /api/v1/permissions", host, "Origin: http://localhost:" + port, "Sec-Fetch-Site: same-origin");
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(own.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(own.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(own.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
        assertThat(own.header("Cache-Control")).isEqualTo("no-store");
        assertThat(own.header("Vary")).contains("Origin");
    }

    @Test
    void anAllowedOriginMayAskAndCallAndRead() throws IOException {
        Reply preflight = send(
                "OPTIONS /api/v1/machines/rover-1/lease",
                "Host: localhost",
                "Origin: https://fleet.example.com",
                "Sec-Fetch-Site: cross-site",
                "Access-Control-Request-Method: PATCH",
                "Access-Control-Request-Headers: content-type, gateway-lease, viam-metadata-x, x-other");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("https://fleet.example.com");
        assertThat(preflight.header("Access-Control-Allow-Methods")).contains("GET", "POST", "PATCH", "DELETE");
        assertThat(preflight.header("Access-Control-Allow-Headers"))
                .isEqualTo("content-type, gateway-lease, viam-metadata-x");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();

        Reply call = send("GET /api/v1/permissions", "Host: localhost", "Origin: https://fleet.example.com");
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.header("Access-Control-Allow-Origin")).isEqualTo("https://fleet.example.com");
        assertThat(call.header("Access-Control-Expose-Headers")).contains("Gateway-Operation", "Retry-After");
        assertThat(call.header("Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");

        Reply refused = send("GET /api/v1/nothing", "Host: localhost", "Origin: https://fleet.example.com")
                .isProblem(404, "path-unknown");
        assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo("https://fleet.example.com");
    }

    @Test
    void theAskingOfAnyOtherOriginIsRefused() throws IOException {
        send(
                        "OPTIONS /api/v1/permissions",
                        "Host: localhost",
                        "Origin: https://evil.example",
                        "Access-Control-Request-Method: GET")
                .isProblem(403, "origin-refused");
    }

    private Reply send(String start, String... headers) throws IOException {
        String connection = String.join("\n", headers).contains("Connection:") ? "" : "Connection: close\n";
        return RawHttp.send(port, start + " HTTP/1.1\n" + connection + String.join("\n", headers) + "\n\n");
    }
}
