package dev.fleetgateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.access.AccessSettings.Mode;
import dev.fleetgateway.access.OriginRules.Verdict;
import dev.fleetgateway.problem.ProblemCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginRulesTests {

    private final OriginRules rules = new OriginRules(
            new AccessSettings(Mode.OPEN, List.of("https://Fleet.example.com", "http://localhost:5173")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8090",
                "fleet.localhost:1",
                "127.0.0.1",
                "127.255.1.9:65535",
                "[::1]",
                "[::1]:8090"
            })
    void aCallerThatIsNoBrowserPassesUnderAnyNameOfLoopback(String host) {
        assertThat(rules.judge(to(host))).isEqualTo(new Verdict.Own());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8090",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1.nip.io:8090",
                "notlocalhost",
                ".localhost",
                "localhost.",
                "0.0.0.0",
                "127.1",
                "127.0.0.256",
                "2130706433",
                "0x7f.0.0.1",
                "[::]",
                "[::ffff:7f00:1]",
                "[fe80::1]",
                "localhost:",
                "localhost:0",
                "localhost:65536",
                "localhost:8090:1",
                "user@localhost",
                "localhost/x",
                "localhost,evil.example",
                " localhost",
                ""
            })
    void anyOtherHostIsRefusedSinceAPageCouldHavePointedItHere(String host) {
        assertRefused(to(host));
    }

    @Test
    void noHostAndTwoHostsAreRefused() {
        assertRefused(approach("GET", "/", List.of(), List.of(), List.of(), List.of(), List.of()));
        assertRefused(
                approach("GET", "/", List.of("localhost", "localhost"), List.of(), List.of(), List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8090, http://localhost:8090",
        "LocalHost:8090, http://localhost:8090",
        "localhost, http://localhost",
        "localhost:80, http://localhost",
        "[::1]:8090, http://[::1]:8090"
    })
    void ourOwnPageMayCall(String host, String origin) {
        assertThat(rules.judge(from(host, origin, "same-origin"))).isEqualTo(new Verdict.Own());
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8090, http://evil.example",
        "localhost:8090, http://localhost:3000",
        "localhost:8090, https://localhost:8090",
        "localhost:8090, http://127.0.0.1:8090",
        "localhost:8090, http://localhost",
        "localhost:8090, null",
        "localhost:8090, http://localhost:8090/",
        "localhost:8090, file://",
        "localhost:8090, chrome-extension://abc",
        "localhost:8090, ''",
        "localhost:8090, https://fleet.example.com.evil.example"
    })
    void aPageOfAnotherOriginMayNot(String host, String origin) {
        assertRefused(
                approach("GET", "/api/v1/machines", List.of(host), List.of(origin), List.of(), List.of(), List.of()));
    }

    @Test
    void twoOriginsAreRefusedThoughOneIsOurs() {
        assertRefused(approach(
                "GET",
                "/",
                List.of("localhost"),
                List.of("http://localhost", "http://evil.example"),
                List.of(),
                List.of(),
                List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://fleet.example.com", "https://FLEET.example.com:443", "http://localhost:5173"})
    void aPageOfAnAllowedOriginMayCallFromAnySite(String origin) {
        assertThat(rules.judge(from("localhost:8090", origin, "cross-site"))).isEqualTo(new Verdict.Allowed(origin));
    }

    @Test
    void anAllowedOriginDoesNotMakeAForeignHostGood() {
        assertRefused(from("evil.example", "https://fleet.example.com", "cross-site"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "a-word-of-tomorrow"})
    void anImageOrScriptOfAnotherSiteIsRefusedThoughItSendsNoOrigin(String site) {
        assertRefused(approach(
                "GET",
                "/api/v1/machines",
                List.of("localhost:8090"),
                List.of(),
                List.of(site),
                List.of("no-cors"),
                List.of("image")));
    }

    @Test
    void aLinkFromElsewhereOpensThePageAndNothingElse() {
        assertThat(rules.judge(visit("GET", "/", "document"))).isEqualTo(new Verdict.Own());
        assertRefused(visit("GET", "/api/v1/machines", "document"));
        assertRefused(visit("POST", "/", "document"));
        assertRefused(visit("GET", "/", "iframe"));
        assertRefused(visit("GET", "/", "object"));
    }

    private void assertRefused(Approach approach) {
        assertThat(rules.judge(approach))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.ORIGIN_REFUSED));
    }

    private static Approach to(String host) {
        return approach("POST", "/api/v1/fleet/stop", List.of(host), List.of(), List.of(), List.of(), List.of());
    }

    private static Approach from(String host, String origin, String site) {
        return approach(
                "POST",
                "/api/v1/fleet/stop",
                List.of(host),
                List.of(origin),
                List.of(site),
                List.of("cors"),
                List.of());
    }

    private static Approach visit(String method, String path, String destination) {
        return approach(
                method,
                path,
                List.of("localhost:8090"),
                List.of(),
                List.of("cross-site"),
                List.of("navigate"),
                List.of(destination));
    }

    private static Approach approach(
            String method,
            String path,
            List<String> hosts,
            List<String> origins,
            List<String> sites,
            List<String> modes,
            List<String> destinations) {
        return new Approach(method, path, "http", hosts, origins, sites, modes, destinations);
    }
}
