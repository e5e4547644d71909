package dev.fleetgateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.command.Call;
import dev.fleetgateway.command.Effect;
import dev.fleetgateway.command.ResourceListing;
import dev.fleetgateway.lease.Protection;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.status.FakeFleet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** Driving from the page, with real keys in a real browser: what is sent, and above all when nothing is sent any more. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(PageFakes.class)
class DriveIT {

    private static final String ROVER = "rover-1";
    private static final StopReport STOPPED = new StopReport(
            ROVER,
            StopReport.Outcome.STOPPED,
            List.of(new StopReport.ResourceOutcome(
                    "rdk:component:base/wheels", StopReport.Outcome.STOPPED, "two looks")));

    private static ChromeDriver browser;

    @LocalServerPort
    private int port;

    @Autowired
    private FakeFleet fleet;

    @Autowired
    private FakeLeases leases;

    @Autowired
    private FakeCommands commands;

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
    void aRoverWhoseLineIsOpen() throws IOException {
        leases.clear();
        commands.calls.clear();
        commands.keepsDrives = false;
        commands.more.put(
                ROVER,
                List.of(new ResourceListing(
                        "wheels",
                        "rdk:component:base",
                        "viam.component.base.v1.BaseService",
                        "READY",
                        "",
                        List.of(new ResourceListing.MethodListing("SetPower", Effect.ACT, true, true, false)))));
        fleet.add(ROVER, Map.of("site", "lab"));
        fleet.answers(ROVER);
        fleet.add("rover-2", Map.of("site", "lab"));
        fleet.answers("rover-2");
        line = new CuttableLine(port);
        browser.manage().window().setSize(new Dimension(1280, 900));
        Browser.errors(browser);
        browser.get("http://127.0.0.1:%d/".formatted(line.port()));
        soon().until(() -> browser.findElement(By.id("link-text")).getText().equals("live"));
        soon().until(() -> !browser.findElements(By.cssSelector("#rows tr[data-name='rover-1'] .name"))
                .isEmpty());
        row(ROVER).findElement(By.className("name")).click();
    }

    @AfterEach
    void none() throws IOException {
        browser.get("about:blank");
        line.close();
        fleet.remove(ROVER);
        fleet.remove("rover-2");
    }

    @Test
    void aKeyHeldDownDrivesAndReleasedStops() {
        take();
        down("w");
        soon().until(() -> powers().size() >= 3);
        assertThat(powers()).allMatch("{\"linear\":{\"y\":0.3},\"angular\":{\"z\":0}}"::equals);
        assertThat(drives()).allSatisfy(drive -> {
            assertThat(drive.lease()).isEqualTo("lease-of-rover-1");
            assertThat(drive.target()).hasToString("rdk:component:base/wheels");
            assertThat(drive.timeout()).isLessThanOrEqualTo(Duration.ofSeconds(2));
        });
        down("a");
        soon().until(() -> powers().getLast().equals("{\"linear\":{\"y\":0.3},\"angular\":{\"z\":0.3}}"));
        up("a");
        up("w");
        soon().until(() -> last().method().equals("Stop"));
        assertNothingIsDriven();

        choose("motor m1");
        panel().findElement(By.tagName("h2")).click();
        down(Keys.ARROW_DOWN);
        soon().until(() -> last().json().toStringUtf8().equals("{\"powerPct\":-0.3}"));
        assertThat(last().target()).hasToString("rdk:component:motor/m1");
        up(Keys.ARROW_DOWN);
        soon().until(() -> last().method().equals("Stop"));
        assertNothingIsDriven();
        assertThat(Browser.errors(browser)).isEmpty();
    }

    @Test
    void aHeldButtonDrivesToo() {
        take();
        WebElement left = panel().findElement(By.cssSelector(".pad .left"));
        new Actions(browser).clickAndHold(left).perform();
        soon().until(() -> powers().size() >= 2);
        assertThat(powers()).allMatch("{\"linear\":{\"y\":0},\"angular\":{\"z\":0.3}}"::equals);
        new Actions(browser).release().perform();
        soon().until(() -> last().method().equals("Stop"));
        assertNothingIsDriven();
    }

    @Test
    void oneCommandIsInFlightAndOnlyTheNewestFollowsIt() {
        take();
        commands.keepsDrives = true;
        down("w");
        soon().until(() -> drives().size() == 1);
        down("a");
        up("a");
        down("d");
        await().pollDelay(Duration.ofSeconds(1)).until(() -> drives().size() == 1);
        commands.answerDrives();
        soon().until(() -> drives().size() == 2);
        assertThat(powers().getLast()).isEqualTo("{\"linear\":{\"y\":0.3},\"angular\":{\"z\":-0.3}}");

        // A Stop waits for nothing, and is said again when the drive is through that may have come after it.
        up("d");
        soon().until(() -> drives().size() == 2);
        up("w");
        soon().until(() -> last().method().equals("Stop"));
        int stops = stopsOfTheBase();
        commands.answerDrives();
        soon().until(() -> stopsOfTheBase() > stops);
    }

    @Test
    void keyRepeatAfterAStopDrivesNothing() {
        take();
        down("w");
        soon().until(() -> powers().size() >= 2);
        down(" ");
        up(" ");
        soon().until(() -> leases.stops.equals(List.of("rover-1 by anonymous")));
        soon().until(() -> row(ROVER).getText().contains("stopped"));
        commands.calls.clear();
        repeat();
        assertNothingIsDriven();
        up("w");
        down("w");
        soon().until(() -> !powers().isEmpty());
        up("w");

        down(Keys.ESCAPE);
        soon().until(() -> leases.stops.size() == 2);
        up(Keys.ESCAPE);
    }

    @Test
    void aHiddenPageStopsDriving() {
        take();
        down("w");
        soon().until(() -> powers().size() >= 2);
        browser.executeScript(
                "Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});"
                        + " document.dispatchEvent(new Event('visibilitychange'))");
        soon().until(() -> last().method().equals("Stop"));
        repeat();
        assertNothingIsDriven();

        browser.executeScript("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))");
        repeat();
        assertNothingIsDriven();
        up("w");
        down("w");
        soon().until(() -> last().method().equals("SetPower"));
        browser.executeScript("dispatchEvent(new Event('blur'))");
        soon().until(() -> last().method().equals("Stop"));
        repeat();
        assertNothingIsDriven();
        up("w");
    }

    @Test
    void whoTypesDoesNotDrive() {
        take();
        down("w");
        soon().until(() -> powers().size() >= 2);
        browser.findElement(By.id("filter")).click();
        soon().until(() -> last().method().equals("Stop"));
        up("w");
        // Something that its line still matches: it is ready.
        browser.findElement(By.id("filter")).sendKeys("ad");
        assertNothingIsDriven();

        row(ROVER).findElement(By.tagName("h2")).click();
        down("w");
        soon().until(() -> last().method().equals("SetPower"));
        browser.findElement(By.id("stop-all")).click();
        soon().until(() -> last().method().equals("Stop"));
        assertNothingIsDriven();
        browser.findElement(By.cssSelector("#confirm button:not(.stop)")).click();
        up("w");
    }

    @Test
    void theLeaseBeatsFourTimesAWindow() {
        take();
        int before = leases.beats.size();
        await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ofSeconds(6)).until(() -> true);
        // Three windows, on a host that may have other things to do.
        assertThat(leases.beats.size() - before).isBetween(7, 16);
        assertThat(panel().getText()).containsPattern("\\d\\.\\d of 2\\.0 s left, beat [\\d.]+ ms");
    }

    @Test
    void beatsThatAreNotAnsweredEndTheDriving() {
        take();
        down("w");
        soon().until(() -> powers().size() >= 2);
        leases.deaf = true;
        soon().until(() -> panel().getText().contains("The lease is probably lost"));
        soon().until(() -> last().method().equals("Stop"));
        assertNothingIsDriven();
        leases.deaf = false;
        soon().until(() -> !panel().getText().contains("probably lost"));
        repeat();
        assertNothingIsDriven();
        up("w");
    }

    @Test
    void aLeaseTakenOverIsToldWithTheReason() {
        take();
        down("w");
        soon().until(() -> powers().size() >= 2);
        leases.takenBy("bob", ROVER, STOPPED);
        soon().until(() -> panel().getText().contains("The lease is lost: somebody took it over."));
        assertThat(panel().getText()).contains("What it had moved: STOPPED. base/wheels: STOPPED (two looks)");
        assertThat(panel().findElement(By.cssSelector("[role=alert]")).getText())
                .contains("somebody took it over");
        soon().until(() -> panel().getText().contains("bob holds the lease"));
        repeat();
        assertNothingIsDriven();
        assertThat(commands.calls)
                .as("a Stop under a lease that is gone would suspend the new holder's")
                .noneMatch(call -> call.method().equals("Stop"));
        up("w");
    }

    @Test
    void resumeIsByClickOnly() {
        take();
        down("w");
        soon().until(() -> powers().size() >= 2);
        leases.suspend(ROVER, STOPPED);
        soon().until(() -> panel().getText().contains("the lease is suspended"));
        soon().until(() ->
                row(ROVER).findElement(By.className("lease")).getText().contains("STOPPED"));
        repeat();
        up("w");
        down("w");
        assertNothingIsDriven();
        up("w");
        int beats = leases.beats.size();
        soon().until(() -> leases.beats.size() > beats + 2);
        assertThat(leases.resumed).isEmpty();

        press("Resume");
        soon().until(() -> leases.resumed.equals(List.of("lease-of-rover-1")));
        soon().until(() -> !panel().getText().contains("suspended"));
        assertNothingIsDriven();
        down("w");
        soon().until(() -> !powers().isEmpty());
        up("w");
    }

    @Test
    void somebodyElsesLeaseIsShownAndTakenOverByASecondClick() {
        leases.show(ROVER, "bob", 7, Protection.RESTARTED);
        soon().until(() ->
                row(ROVER).findElement(By.className("lease")).getText().equals("RESTARTED held by bob"));
        press("Take the lease");
        soon().until(() -> panel().getText()
                .matches("(?s).*bob holds the lease, until \\d\\d/\\d\\d/\\d{4}, \\d\\d:\\d\\d:\\d\\d at least.*"));
        press("Take over");
        assertThat(leases.seats).isEmpty();
        press("Yes: stop what bob moves, and take over");
        soon().until(() -> leases.seats.containsKey(ROVER));
        soon().until(() ->
                row(ROVER).findElement(By.className("lease")).getText().equals("ACTIVE yours (anonymous)"));
        press("Give it back");
        soon().until(() -> panel().getText().contains("You gave the lease back."));
    }

    @Test
    void aLostLinkEndsTheLeaseAndNothingBringsItBackByItself() {
        take();
        down("w");
        soon().until(() -> powers().size() >= 2);
        line.cut();
        soon().until(() -> panel().getText().contains("The link to the gateway is lost, and the lease with it."));
        soon().until(() -> leases.left.contains("lease-of-rover-1"));
        commands.calls.clear();
        line.mend();
        soon().until(() -> browser.findElement(By.id("link-text")).getText().equals("live"));
        repeat();
        up("w");
        down("w");
        assertNothingIsDriven();
        up("w");
        assertThat(leases.resumed).isEmpty();
        take();
    }

    @Test
    void itFitsEveryWindowAndLight() {
        take();
        for (String light : List.of("light", "dark")) {
            for (int width : new int[] {1280, 360}) {
                Browser.show(browser, light, width);
                browser.executeScript("document.querySelector('.drive').scrollIntoView({block: 'center'})");
                Browser.screenshot(browser, "drive-" + light + "-" + width);
                assertThat(Browser.fits(browser))
                        .as("nothing is cut off at the side, %d wide".formatted(width))
                        .isTrue();
            }
        }
        Browser.showAsEver(browser);
    }

    private void take() {
        press("Take the lease");
        soon().until(() -> panel().findElement(By.className("pad")).isDisplayed());
        soon().until(() -> panel().findElement(By.cssSelector(".pad .forward")).isEnabled());
        soon().until(() -> !leases.beats.isEmpty());
    }

    private static void press(String text) {
        soon().until(() -> panel().findElements(By.tagName("button")).stream()
                .anyMatch(button -> button.isDisplayed() && button.getText().startsWith(text)));
        panel().findElements(By.tagName("button")).stream()
                .filter(button -> button.isDisplayed() && button.getText().startsWith(text))
                .findFirst()
                .orElseThrow()
                .click();
    }

    private static void choose(String what) {
        panel().findElements(By.tagName("option")).stream()
                .filter(option -> option.getText().equals(what))
                .findFirst()
                .orElseThrow()
                .click();
    }

    private static void down(CharSequence key) {
        new Actions(browser).keyDown(key).perform();
    }

    private static void up(CharSequence key) {
        new Actions(browser).keyUp(key).perform();
    }

    /** The keyboard's own repeats of a key that is still held down. */
    private static void repeat() {
        for (int i = 0; i < 5; i++) {
            browser.executeCdpCommand(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type",
                            "rawKeyDown",
                            "autoRepeat",
                            true,
                            "code",
                            "KeyW",
                            "key",
                            "w",
                            "windowsVirtualKeyCode",
                            87));
        }
    }

    private void assertNothingIsDriven() {
        // What was on its way when the driving ended may still arrive.
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        int before = drives().size();
        await().pollDelay(Duration.ofMillis(800)).until(() -> true);
        assertThat(drives()).hasSize(before);
    }

    private Call last() {
        return commands.calls.getLast();
    }

    private List<Call> drives() {
        return commands.calls.stream()
                .filter(call -> call.method().equals("SetPower"))
                .toList();
    }

    private List<String> powers() {
        return drives().stream().map(call -> call.json().toStringUtf8()).toList();
    }

    private int stopsOfTheBase() {
        return (int) commands.calls.stream()
                .filter(call -> call.method().equals("Stop"))
                .count();
    }

    private static WebElement row(String machine) {
        return browser.findElement(By.cssSelector("#rows tr[data-name='%s']".formatted(machine)));
    }

    private static WebElement panel() {
        return row(ROVER).findElement(By.className("drive"));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).ignoreExceptions();
    }
}
