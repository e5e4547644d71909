package dev.fleetgateway.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fleetgateway.Needs;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.web.HttpRequestHandler;

/** What a real browser lets a page of another origin do to the gateway. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ForeignPageIT {

    private static final AtomicInteger REACHED = new AtomicInteger();
    private static final String REACH = "/api/v1/test/reach";

    private static HttpServer foreign;
    private static ChromeDriver browser;

    @LocalServerPort
    private int port;

    @BeforeAll
    static void openTheBrowserAndAForeignSite() throws IOException {
        Needs.program("chromium", "chromium chromium-driver");
        Needs.program("chromedriver", "chromium chromium-driver");
        foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        foreign.createContext("/", exchange -> {
            byte[] page = "<!doctype html><title>foreign</title><body></body>".getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        foreign.start();
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                        .build(),
                new ChromeOptions()
                        .setBinary("/usr/bin/chromium")
                        .addArguments(
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run",
                                // The attacker's DNS server: his name leads to this host, and no other name anywhere.
                                "--host-resolver-rules=MAP evil.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"));
    }

    @AfterAll
    static void closeThem() {
        if (browser != null) {
            browser.quit();
        }
        if (foreign != null) {
            foreign.stop(0);
        }
    }

    @BeforeEach
    void nobodyHasReachedAnythingYet() {
        REACHED.set(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost", "127.0.0.1"})
    void aForeignPageReachesNoHandlerInAnyOfTheWaysAPageHas(String site) {
        browser.get("http://%s:%d/".formatted(site, foreign.getAddress().getPort()));
        for (String host : new String[] {"127.0.0.1", "localhost"}) {
            String target = "http://%s:%d%s".formatted(host, port, REACH);
            assertThat(ask("fetch(a).then(() => done('read'), () => done('refused'))", target))
                    .isEqualTo("refused");
            assertThat(ask(
                            "fetch(a, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'})"
                                    + ".then(() => done('read'), () => done('refused'))",
                            target))
                    .isEqualTo("refused");
            ask("fetch(a, {mode: 'no-cors'}).then(() => done('sent'), () => done('refused'))", target);
            ask(
                    "fetch(a, {mode: 'no-cors', method: 'POST', body: 'x'}).then(() => done('sent'), () => done('refused'))",
                    target);
            assertThat(ask(
                            "const i = new Image(); i.onload = () => done('shown'); i.onerror = () => done('refused'); i.src = a",
                            target))
                    .isEqualTo("refused");
            assertThat(ask(
                            "const s = document.createElement('script'); s.onload = () => done('run'); s.onerror = () => done('refused');"
                                    + " s.src = a; document.body.append(s)",
                            target))
                    .isEqualTo("refused");
            assertThat(ask(
                            "const s = new WebSocket(a.replace('http', 'ws')); s.onopen = () => done('open'); s.onerror = () => done('refused')",
                            target))
                    .isEqualTo("refused");
            assertThat(ask(
                            "const e = new EventSource(a); e.onopen = () => done('open'); e.onerror = () => { e.close(); done('refused') }",
                            target))
                    .isEqualTo("refused");
        }
        assertThat(REACHED).hasValue(0);
    }

    @Test
    void aFormOfAForeignPageShowsTheProblemAndReachesNothing() {
        browser.get("http://evil.example:%d/".formatted(foreign.getAddress().getPort()));
        browser.executeScript(
                "const f = document.createElement('form'); f.method = 'post'; f.enctype = 'text/plain'; f.action = arguments[0];"
                        + " document.body.append(f); f.submit()",
                "http://127.0.0.1:%d%s".formatted(port, REACH));
        org.awaitility.Awaitility.await().until(() -> browser.getCurrentUrl().contains(REACH));

        assertThat(REACHED).hasValue(0);
    }

    @Test
    void aNameThatWasPointedHereIsRefused() {
        browser.get("http://evil.example:%d%s".formatted(port, REACH));

        assertThat(REACHED).hasValue(0);
        assertThat(browser.getPageSource()).doesNotContain("reached");
    }

    @Test
    void ourOwnPageReachesIt() {
        browser.get("http://localhost:%d/api/v1/permissions".formatted(port));
        assertThat(browser.findElement(By.tagName("body")).getText()).contains("anonymous");

        assertThat(ask("fetch(a).then(r => r.text()).then(done)", "http://localhost:%d%s".formatted(port, REACH)))
                .isEqualTo("reached");
        assertThat(REACHED).hasValue(1);
    }

    private static Object ask(String script, String target) {
        return browser.executeAsyncScript("const a = arguments[0], done = arguments[1]; " + script, target);
    }

    @TestConfiguration
    static class Handlers {

        @Bean(REACH)
        HttpRequestHandler reach() {
            return (request, response) -> {
                REACHED.incrementAndGet();
                response.getWriter().print("reached");
            };
        }
    }
}
