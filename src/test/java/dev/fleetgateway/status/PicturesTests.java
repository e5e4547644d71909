package dev.fleetgateway.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.access.Visit;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.time.FakeTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PicturesTests {

    private final FakeTime time = new FakeTime();
    private final FakeFleet fleet = new FakeFleet(time);
    private final Pictures pictures = new Pictures(
            time,
            new Feed(time, "e1"),
            "gateway-0",
            Duration.ofSeconds(10),
            _ -> Moving.NOTHING,
            _ -> FakeFleet.NOT_JUDGED);

    @BeforeEach
    void listen() {
        fleet.listen(pictures);
    }

    @Test
    void aPictureHasTheMembersOfTheContractInTheirOrder() {
        fleet.add("r1", Map.of("site", "lab", "kind", "rover"));
        fleet.answers("r1", List.of(new MachineReport.Resource("rdk:component:motor", "m1", "UNHEALTHY", "")), null);
        pictures.stopped(new StopReport("r1", StopReport.Outcome.STOPPED, List.of()), new Visit("bob", ""), "STOP");

        assertThat(json("r1")).isEqualTo("""
                {"name":"r1","address":"r1.example:8080","labels":{"kind":"rover","site":"lab"},"owner":"gateway-0","sameAs":[],\
                "freshness":{"state":"LIVE","since":"2030-01-01T00:00:00Z"},"observedAt":"2030-01-01T00:00:00Z",\
                "connection":{"state":"READY","since":"2030-01-01T00:00:00Z","reason":"it answers","attempts":0,"nextAttemptAt":null},\
                "route":{"kind":"LAN","via":"ADDRESS","transport":"GRPC","peer":"127.0.0.1:8080","since":"2030-01-01T00:00:00Z","reason":"on-link","rttMillis":0.8,"policy":"PREFER_LAN",\
                "candidates":[{"kind":"LAN","via":"ADDRESS","transport":"GRPC","state":"IN_USE","reason":"","triedAt":"2030-01-01T00:00:00Z"}]},\
                "sync":{"state":"UNKNOWN","since":"2030-01-01T00:00:00Z","reason":"not judged here","confidence":"LOW","evidence":[]},\
                "software":{"platform":"rdk","version":"0.99.0","api":"0.1.574"},\
                "lifecycle":{"state":"RUNNING","since":"2030-01-01T00:00:00Z","reason":""},\
                "resources":{"count":1,"unhealthy":1,"observedAt":"2030-01-01T00:00:00Z"},\
                "lease":null,\
                "motion":{"state":"UNKNOWN","since":"2030-01-01T00:00:00Z","reason":"its actuators have not been asked yet","observedAt":null,"moving":[],"unattended":null},\
                "lastStop":{"at":"2030-01-01T00:00:00Z","by":"bob","reason":"STOP","outcome":"STOPPED","resources":[]},\
                "operations":{"inFlight":0}}""");
    }

    @Test
    void aMachineThatNeverAnsweredIsStaleAndSaysSinceWhen() {
        fleet.add("r1", Map.of());
        JsonNode picture = tree("r1");

        assertThat(picture.at("/freshness/state").asString()).isEqualTo("STALE");
        assertThat(picture.at("/freshness/since").asString()).isEqualTo("2030-01-01T00:00:00Z");
        assertThat(picture.get("observedAt").isNull()).isTrue();
        assertThat(picture.get("route").isNull()).isTrue();
        assertThat(pictures.ways("r1").orElseThrow().candidates()).hasSize(1);
    }

    @Test
    void twoMissedPollsMakeAPictureStaleAndAnAnswerMakesItLive() {
        fleet.add("r1", Map.of());
        fleet.answers("r1");
        fleet.missesPoll("r1");
        assertThat(freshness("r1")).isEqualTo(MachinePicture.Freshness.State.LIVE);

        fleet.missesPoll("r1");
        assertThat(freshness("r1")).isEqualTo(MachinePicture.Freshness.State.STALE);

        fleet.answers("r1");
        assertThat(freshness("r1")).isEqualTo(MachinePicture.Freshness.State.LIVE);
    }

    @Test
    void aPictureOfWhichNothingIsHeardAtAllGoesStaleByItself() {
        fleet.add("r1", Map.of());
        fleet.answers("r1");
        pictures.sweep();
        time.advance(Duration.ofSeconds(10));
        assertThat(freshness("r1")).isEqualTo(MachinePicture.Freshness.State.LIVE);

        time.advance(Duration.ofSeconds(1));
        assertThat(freshness("r1")).isEqualTo(MachinePicture.Freshness.State.STALE);
        assertThat(time.pendingTimers()).hasSize(1);
    }

    @Test
    void howOldAPictureIsIsNotReadFromTheWallClock() {
        fleet.add("r1", Map.of());
        fleet.answers("r1");
        pictures.sweep();
        time.sleep(Duration.ofHours(1));
        time.advance(Duration.ofSeconds(1));
        assertThat(freshness("r1")).isEqualTo(MachinePicture.Freshness.State.LIVE);

        time.sleep(Duration.ofHours(-2));
        time.advance(Duration.ofSeconds(10));
        assertThat(freshness("r1")).isEqualTo(MachinePicture.Freshness.State.STALE);
    }

    @Test
    void newerTimesAloneAreNoChangeButAreShown() {
        fleet.add("r1", Map.of());
        fleet.answers("r1");
        long seq = seq("r1");

        time.advance(Duration.ofSeconds(2));
        fleet.answers("r1");

        assertThat(seq("r1")).isEqualTo(seq);
        assertThat(tree("r1").get("observedAt").asString()).isEqualTo("2030-01-01T00:00:02Z");
    }

    @Test
    void whatIsKnownOfMotionIsKeptAsWordsWhenTheConnectionIsLost() {
        fleet.add("r1", Map.of());
        fleet.answers("r1");
        pictures.findings()
                .found(
                        "r1",
                        new Motion(
                                Motion.State.MOVING,
                                time.now(),
                                "1 moves",
                                time.now(),
                                List.of("rdk:component:base/b"),
                                null));
        time.advance(Duration.ofSeconds(1));
        fleet.loses("r1", "cable pulled");

        Motion motion = pictures.picture("r1").orElseThrow().machine().motion();
        assertThat(motion.state()).isEqualTo(Motion.State.UNKNOWN);
        assertThat(motion.reason()).contains("when last seen, it moved: rdk:component:base/b");
        assertThat(motion.since()).isEqualTo(time.now());
    }

    @Test
    void aPictureIsWrittenOnceForAllReaders() {
        fleet.add("r1", Map.of());
        Picture picture = pictures.picture("r1").orElseThrow();
        assertThat(picture.json()).isSameAs(picture.json());
    }

    @Test
    void nothingBringsBackAMachineThatIsGone() {
        fleet.add("r1", Map.of());
        fleet.remove("r1");
        pictures.stopped(new StopReport("r1", StopReport.Outcome.FAILED, List.of()), new Visit("bob", ""), "STOP");
        assertThat(pictures.picture("r1")).isEmpty();
        assertThat(pictures.all()).isEmpty();
    }

    private String json(String machine) {
        return new String(pictures.picture(machine).orElseThrow().json(), StandardCharsets.UTF_8);
    }

    private JsonNode tree(String machine) {
        return JsonMapper.shared().readTree(json(machine));
    }

    private MachinePicture.Freshness.State freshness(String machine) {
        return pictures.picture(machine).orElseThrow().machine().freshness().state();
    }

    private long seq(String machine) {
        return pictures.picture(machine).orElseThrow().seq();
    }
}
