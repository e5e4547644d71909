package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.motion.Errand;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.status.FakeFleet;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** The page as an operator sees it, in a real browser, with the gateway's own filters and headers before it. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(PageFakes.class)
class PageIT {

    private static ChromeDriver browser;

    @LocalServerPort
    private int port;

    @Autowired
    private FakeFleet fleet;

    @Autowired
    private FakeLeases leases;

    @Autowired
    private FakeCommands commands;

    private final Set<String> machines = new HashSet<>();
    private CuttableLine line;

    @BeforeAll
    static void openTheBrowser() throws IOException {
        browser = Browser.open();
    }

    @AfterAll
    static void closeTheBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void aFleet() throws IOException {
        leases.stops.clear();
        leases.stopOutcomes.clear();
        line = new CuttableLine(port);
        add("rover-1", Map.of("site", "lab", "kind", "rover"));
        add("rover-2", Map.of("site", "lab", "kind", "rover"));
        add("rover-10", Map.of("site", "yard", "kind", "rover"));
        add("arm-1", Map.of("site", "yard", "kind", "arm", "note", "x.y"));
        fleet.answers("rover-1", List.of(new MachineReport.Resource("rdk:component:motor", "m1", "READY", "")), null);
        fleet.answers("rover-10");
        fleet.answers("arm-1");
        fleet.loses("rover-2", "host appears to be offline");
        browser.manage().window().setSize(new Dimension(1280, 800));
        // What the browser complained of in another test is not this one's.
        errors();
        browser.get("http://127.0.0.1:%d/".formatted(line.port()));
        await().untilAsserted(() -> assertThat(link()).isEqualTo("live"));
        await().untilAsserted(() -> assertThat(shown()).hasSize(4));
    }

    @AfterEach
    void none() throws IOException {
        browser.get("about:blank");
        line.close();
        machines.forEach(fleet::remove);
    }

    @Test
    void theFleetIsShownLiveInTheOrderPeopleCount() {
        assertThat(shown()).containsExactly("arm-1", "rover-1", "rover-2", "rover-10");
        assertThat(row("rover-2").getText())
                .contains("TRANSIENT FAILURE")
                .contains("host appears to be offline")
                .contains("kind=rover");
        assertThat(row("rover-1").getText())
                .contains("READY")
                .contains("LAN")
                .contains("GRPC via ADDRESS")
                .contains("127.0.0.1:8080");
        assertThat(browser.getTitle()).isEqualTo("(1 not ready) Fleet");

        fleet.answers("rover-2");
        await().untilAsserted(() -> assertThat(row("rover-2").getText()).contains("READY"));
        add("rover-3", Map.of());
        fleet.remove("arm-1");
        await().untilAsserted(() -> assertThat(shown()).containsExactly("rover-1", "rover-2", "rover-3", "rover-10"));
        assertThat(count("ready")).isEqualTo("3 ready");
        assertThat(count("connecting")).isEqualTo("1 connecting");
        assertThat(errors()).isEmpty();
    }

    @Test
    void aLineOpensByKeyboardAndShowsWhatIsBehindIt() {
        WebElement name = row("rover-1").findElement(By.className("name"));
        assertThat(name.getAttribute("aria-expanded")).isEqualTo("false");
        name.sendKeys("\n");
        await().untilAsserted(() -> assertThat(row("rover-1").getText())
                .contains("Ways to it")
                .contains("rdk:component:motor/m1")
                .contains("SetPower"));
        assertThat(name.getAttribute("aria-expanded")).isEqualTo("true");
        name.sendKeys("\n");
        await().untilAsserted(() -> assertThat(row("rover-1").getText()).doesNotContain("Ways to it"));
    }

    @Test
    void whatGoesOnByItselfIsShownWhileItsMachineIsAwayToo() {
        Resource nav = new Resource("rdk:service:navigation", "nav1");
        commands.listener.sent("rover-1", Errand.mode(nav, "MODE_WAYPOINT"));
        commands.listener.sent(
                "rover-1", Errand.execution(new Resource("rdk:service:motion", "builtin"), "base1", "e1"));
        await().untilAsserted(() -> assertThat(row("rover-1").getText())
                .contains("goes on by itself:")
                .contains("nav1 in WAYPOINT mode since")
                .contains("builtin drives base1 since")
                .doesNotContain("last seen"));
        row("rover-1").findElement(By.className("name")).sendKeys("\n");
        await().untilAsserted(() -> assertThat(row("rover-1").getText()).contains("by itself"));

        fleet.loses("rover-1", "host appears to be offline");
        await().untilAsserted(() -> assertThat(row("rover-1").getText())
                .contains("nav1 in WAYPOINT mode since")
                .contains("last seen"));
        assertThat(errors()).isEmpty();
    }

    @Test
    void stopStopsAndSaysHowItEnded() {
        stop("rover-1");
        await().untilAsserted(() -> assertThat(leases.stops).containsExactly("rover-1 by anonymous"));
        await().untilAsserted(() -> assertThat(row("rover-1").getText()).contains("stopped 0 s ago"));

        leases.stopOutcomes.put("rover-2", StopReport.Outcome.FAILED);
        stop("rover-2");
        await().untilAsserted(
                        () -> assertThat(alerts()).contains("STOP of rover-2").contains("could not be told"));
    }

    @Test
    void stopWorksWithoutTheSocketToo() {
        line.cutSocketsOnly();
        await().untilAsserted(() -> assertThat(link()).startsWith("reconnecting since"));
        stop("rover-1");
        await().untilAsserted(() -> assertThat(leases.stops).containsExactly("rover-1 by anonymous"));
        assertThat(alerts()).isEmpty();
    }

    @Test
    void aLostLinkIsToldAndThePictureIsShownAsOldUntilItIsBack() {
        line.cut();
        await().untilAsserted(() ->
                assertThat(link()).matches("reconnecting since \\d+ s.*, picture below is from \\d\\d:\\d\\d:\\d\\d"));
        assertThat(opacity()).isLessThan("1");
        screenshot("link-lost");
        stop("rover-1");
        await().untilAsserted(() -> assertThat(alerts()).contains("STOP of rover-1"));

        fleet.loses("rover-1", "while nobody looked");
        fleet.remove("arm-1");
        line.mend();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(link()).isEqualTo("live"));
        await().untilAsserted(() -> assertThat(row("rover-1").getText()).contains("while nobody looked"));
        assertThat(shown()).containsExactly("rover-1", "rover-2", "rover-10");
        assertThat(opacity()).isEqualTo("1");
    }

    @Test
    void theFilterTakesWordsAndSelectorsAndStopsOnlyWhatIsShown() {
        filter("rover lab");
        await().untilAsserted(() -> assertThat(shown()).containsExactly("rover-1", "rover-2"));
        filter("site in (yard), kind!=arm");
        await().untilAsserted(() -> assertThat(shown()).containsExactly("rover-10"));
        filter("site=");
        await().untilAsserted(() -> assertThat(shown()).isEmpty());
        filter("site=yard,");
        assertThat(browser.findElement(By.id("filter-note")).getText()).startsWith("not a selector yet");
        filter("site=yard");
        await().untilAsserted(() -> assertThat(shown()).containsExactly("arm-1", "rover-10"));

        WebElement all = browser.findElement(By.id("stop-all"));
        assertThat(all.getText()).isEqualTo("STOP the 2 shown");
        all.click();
        assertThat(browser.findElement(By.id("confirm-text")).getText())
                .isEqualTo("Stop these 2 machines? arm-1, rover-10");
        browser.findElement(By.cssSelector("#confirm button:not(.stop)")).click();
        assertThat(leases.stops).isEmpty();
        all.click();
        browser.findElement(By.id("confirm-stop")).click();
        await().untilAsserted(() ->
                assertThat(leases.stops).containsExactlyInAnyOrder("arm-1 by anonymous", "rover-10 by anonymous"));
    }

    @Test
    void ofABigFleetTheFirstLinesAreShownAndAStopIsStillForAll() {
        for (int i = 0; i < 600; i++) {
            add("swarm-" + i, Map.of("site", "sea"));
        }
        WebElement all = browser.findElement(By.id("stop-all"));
        WebElement more = browser.findElement(By.id("more"));
        await().untilAsserted(() -> assertThat(all.getText()).isEqualTo("STOP all 604 chosen"));
        assertThat(shown()).hasSize(300).startsWith("arm-1", "rover-1").endsWith("swarm-295");
        assertThat(more.getText()).isEqualTo("Show 300 more of 604");
        more.click();
        assertThat(shown()).hasSize(600);
        assertThat(more.getText()).isEqualTo("Show 4 more of 604");
        more.click();
        assertThat(shown()).hasSize(604);
        assertThat(more.isDisplayed()).isFalse();
        assertThat(all.getText()).isEqualTo("STOP all 604 shown");

        filter("site=sea");
        await().untilAsserted(() -> assertThat(shown()).hasSize(300));
        assertThat(all.getText()).isEqualTo("STOP the 600 chosen");
        all.click();
        browser.findElement(By.id("confirm-stop")).click();
        await().untilAsserted(() -> assertThat(leases.stops).hasSize(600).contains("swarm-599 by anonymous"));
    }

    @Test
    void whatBecameOfAMachineIsShownUnderItsLineAndKeptUpToDate() {
        row("rover-1").findElement(By.className("name")).click();
        await().untilAsserted(() -> assertThat(row("rover-1").findElements(By.className("timeline")))
                .hasSize(1));
        WebElement toggle = row("rover-1").findElement(By.cssSelector(".timeline h2 button"));
        assertThat(toggle.getText()).isEqualTo("History");
        assertThat(toggle.getAttribute("aria-expanded")).isEqualTo("false");
        assertThat(told("rover-1")).isEmpty();

        toggle.sendKeys("\n");
        assertThat(toggle.getAttribute("aria-expanded")).isEqualTo("true");
        await().untilAsserted(() -> assertThat(told("rover-1"))
                .anyMatch(line -> line.startsWith("Connection since ") && line.contains("connected: it answers"))
                .anyMatch(line -> line.startsWith("Lease since ") && line.endsWith(" free")));
        assertThat(row("rover-1")
                        .findElement(By.cssSelector(".timeline [role=status]"))
                        .getText())
                .isEqualTo("Not kept over a restart of the gateway.");

        fleet.loses("rover-1", "<i>cable</i> pulled");
        await().untilAsserted(() -> assertThat(told("rover-1"))
                .anyMatch(line -> line.matches("Connection since [0-9:]+( [AP]M)? not reached: <i>cable</i> pulled"))
                .anyMatch(
                        line -> line.matches("Connection [0-9:]+( [AP]M)? to [0-9:]+( [AP]M)? connected: it answers")));
        fleet.answers("rover-1");
        await().untilAsserted(() -> assertThat(told("rover-1"))
                .anyMatch(line -> line.contains("LAN lost at ")
                        && line.contains(
                                "<i>cable</i> pulled), on the LAN (GRPC via ADDRESS, 127.0.0.1:8080) since ")));
        assertThat(row("rover-1").findElements(By.cssSelector(".lane"))).hasSize(5);
        for (String light : List.of("light", "dark")) {
            for (int width : new int[] {1280, 400}) {
                Browser.show(browser, light, width);
                screenshot("history-" + light + "-" + width);
                assertThat(Browser.fits(browser)).isTrue();
            }
        }
        Browser.showAsEver(browser);
        assertThat(errors()).isEmpty();

        toggle.sendKeys("\n");
        assertThat(told("rover-1")).isEmpty();
    }

    @Test
    void aTimeThatIsNotTodaysCarriesItsDay() {
        Object script = browser.executeCdpCommand(
                        "Page.addScriptToEvaluateOnNewDocument",
                        Map.of(
                                "source",
                                "window.sockets = []; window.WebSocket = class extends WebSocket {"
                                        + " constructor(...all) { super(...all); sockets.push(this); } };"))
                .get("identifier");
        browser.get("http://127.0.0.1:%d/".formatted(line.port()));
        browser.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", script));
        await().untilAsserted(() -> assertThat(link()).isEqualTo("live"));
        browser.executeScript(
                "sockets.at(-1).dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ method: 'uplink',"
                        + " params: { uplink: { state: 'DOWN', since: '2020-03-04T12:00:00Z', reason: 'unplugged', signals: [] } } }) }))");
        await().untilAsserted(
                        () -> assertThat(browser.findElement(By.id("uplink")).getText())
                                .matches("This gateway has no internet since 3/4/2020, [0-9:]+ [AP]M: unplugged"));

        row("rover-1").findElement(By.className("name")).click();
        row("rover-1").findElement(By.cssSelector(".timeline h2 button")).click();
        await().untilAsserted(() -> assertThat(told("rover-1")).anyMatch(line -> line.startsWith("Connection since ")));
        browser.executeScript("const Real = Date; window.Date = class extends Real {"
                + " constructor(...all) { super(...(all.length ? all : [Real.now() + 172_800_000])); }"
                + " static now() { return Real.now() + 172_800_000; } };");
        await().untilAsserted(() -> assertThat(told("rover-1"))
                .anyMatch(line -> line.matches("Connection since [0-9]+/[0-9]+/[0-9]{4}, .*")));
        assertThat(errors()).isEmpty();
    }

    @Test
    void whatAMachineSaysIsNeverMarkup() {
        fleet.loses("rover-2", "<img src=x onerror=document.title='owned'><b>bold</b>");
        await().untilAsserted(() -> assertThat(row("rover-2").getText()).contains("<b>bold</b>"));
        assertThat(browser.findElements(By.cssSelector("main img, main td b"))).isEmpty();
    }

    @Test
    void aThousandMachinesStaySmooth() {
        for (int i = 0; i < 1000; i++) {
            add("many-" + i, Map.of("site", "s" + i % 7, "kind", "sensor"));
        }
        await().untilAsserted(() -> assertThat(count("all")).isEqualTo("1004 all"));
        browser.executeScript(
                "window.longest = 0; let last = performance.now(); (function beat(t) {"
                        + " window.longest = Math.max(window.longest, t - last); last = t; requestAnimationFrame(beat); })(last)");
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 100; i++) {
                fleet.loses("many-" + (round * 37 + i) % 1000, "round " + round);
            }
            await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        }
        await().untilAsserted(
                        () -> assertThat(browser.findElement(By.id("rows")).getAttribute("textContent"))
                                .contains("round 19"));
        String longest = String.valueOf(browser.executeScript("return window.longest"));
        // A frame that takes a second is no page one keeps open.
        assertThat(Double.parseDouble(longest)).isLessThan(1000);
    }

    @Test
    void itFitsEveryWindowAndLight() {
        stop("rover-1");
        for (String light : List.of("light", "dark")) {
            for (int width : new int[] {1280, 400}) {
                Browser.show(browser, light, width);
                screenshot(light + "-" + width);
                assertThat(Browser.fits(browser))
                        .as("nothing is cut off at the side, %d wide".formatted(width))
                        .isTrue();
            }
        }
        Browser.showAsEver(browser);
    }

    private void add(String machine, Map<String, String> labels) {
        machines.add(machine);
        fleet.add(machine, labels);
    }

    private static void stop(String machine) {
        row(machine).findElement(By.cssSelector("button.stop")).click();
    }

    private static void filter(String text) {
        WebElement filter = browser.findElement(By.id("filter"));
        filter.clear();
        filter.sendKeys(text);
    }

    private static String link() {
        return browser.findElement(By.id("link-text")).getText();
    }

    private static String alerts() {
        return browser.findElement(By.id("alerts")).getText();
    }

    private static String opacity() {
        return browser.findElement(By.cssSelector("#rows tr[data-fresh=LIVE] .now"))
                .getCssValue("opacity");
    }

    private static String count(String word) {
        return browser.findElements(By.cssSelector("#counts button")).stream()
                .map(WebElement::getText)
                .filter(text -> text.endsWith(" " + word))
                .findFirst()
                .orElse("none");
    }

    private static WebElement row(String machine) {
        return browser.findElement(By.cssSelector("#rows tr[data-name='%s']".formatted(machine)));
    }

    private static List<String> told(String machine) {
        try {
            return row(machine).findElements(By.cssSelector(".timeline li")).stream()
                    .map(WebElement::getText)
                    .filter(text -> !text.isEmpty())
                    .toList();
        } catch (StaleElementReferenceException _) {
            return List.of("redrawn while it was read");
        }
    }

    private static List<String> shown() {
        try {
            return browser.findElements(By.cssSelector("#rows tr:not([hidden]) .name")).stream()
                    .map(WebElement::getText)
                    .toList();
        } catch (StaleElementReferenceException _) {
            return List.of("redrawn while it was read");
        }
    }

    private static List<String> errors() {
        return Browser.errors(browser);
    }

    private static void screenshot(String name) {
        Browser.screenshot(browser, name);
    }
}
