package dev.fleetgateway.cloudlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.cloud.CloudView;
import dev.fleetgateway.cloudlink.Sync.Confidence;
import dev.fleetgateway.cloudlink.Sync.Source;
import dev.fleetgateway.cloudlink.Sync.State;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.connection.MachineReport.Lifecycle;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.time.Moment;
import dev.fleetgateway.uplink.Uplink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTests {

    private static final Duration TEN = Duration.ofSeconds(10);

    private static final Moment START = new Moment(0, Sign.START);

    /** When the cloud's configuration of the machine was read. */
    private static final Instant READ = Sign.START.minusSeconds(200);

    /** What a heartbeat can tell. */
    private static final Map<String, Heartbeat> HEARTBEATS = Map.of(
            "first", new Sign().heartbeat,
            "once", new Sign().watched(TEN).hears().look().heartbeat,
            "contact", new Sign().hears(4, TEN).heartbeat,
            "back", new Sign().hears(4, TEN).watched(Duration.ofMinutes(2)).hears(2, TEN).heartbeat,
            "away", new Sign().hears(4, TEN).watched(Duration.ofMinutes(2)).heartbeat,
            "sign",
                    new Sign()
                            .hears(4, TEN)
                            .watched(Duration.ofMinutes(2))
                            .hears()
                            .look()
                            .heartbeat,
            "long", new Sign().hears(4, TEN).watched(Duration.ofMinutes(10)).heartbeat,
            "never", new Sign().starts().watched(Duration.ofMinutes(2)).heartbeat);

    private static MachineReport report(Lifecycle lifecycle, boolean capture, @Nullable String partId, String busy) {
        Instant at = Sign.START;
        return new MachineReport(
                at,
                Duration.ofMillis(1),
                lifecycle,
                "",
                capture
                        ? List.of(new MachineReport.Resource("rdk:service:data_manager", "builtin", "READY", ""))
                        : List.of(),
                at,
                new MachineReport.Configuration(at, "r1", at, busy, at, 0),
                partId,
                null);
    }

    private static Reach reached() {
        return new Reach(
                true,
                Sign.START,
                "",
                new Route(
                        Route.Kind.LAN, Route.Via.MDNS, Route.Transport.GRPC, "10.0.0.7:8080", Sign.START, "on-link"));
    }

    private static Reach away() {
        return new Reach(false, Sign.START, "10.0.0.7:8080 does not answer", null);
    }

    private static Sync judge(Reach reach, @Nullable MachineReport report, @Nullable Heartbeat heartbeat) {
        return judge(reach, report, heartbeat, Uplink.State.UP);
    }

    private static Sync judge(
            Reach reach, @Nullable MachineReport report, @Nullable Heartbeat heartbeat, Uplink.State state) {
        Uplink uplink = new Uplink(state, Sign.START, "", List.of());
        Moment now = heartbeat == null ? START : heartbeat.last().moment();
        return Verdict.of(new Verdict.Known(reach, report, heartbeat, null, "", uplink, now));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # reached | lifecycle    | manager | part | heartbeat | busy | state          | confidence | says
            true  | RUNNING      | true  | p-1 | contact |      | ACTIVE         | MEDIUM | whether sync is switched on cannot be seen from here
            true  | RUNNING      | true  | p-1 | contact | busy | ACTIVE         | MEDIUM | in contact with the Viam cloud since 00:00:10Z, seen from the machine itself
            true  | RUNNING      | true  | p-1 | back    |      | ACTIVE         | MEDIUM | since 00:02:40Z, seen from the machine itself; uploads may lag
            true  | RUNNING      | true  | p-1 | away    |      | PAUSED         | MEDIUM | no contact with the Viam cloud since 00:00:30Z, seen from the machine itself; data capture goes on, upload waits
            true  | RUNNING      | true  | p-1 | away    |      | PAUSED         | MEDIUM | up to 2.5 min
            true  | RUNNING      | true  | p-1 | sign    |      | PAUSED         | MEDIUM | one sign of it at 00:02:40Z, and a second is waited for
            true  | RUNNING      | true  | p-1 | never   |      | PAUSED         | LOW    | whose rhythm has not been seen
            true  | RUNNING      | true  | p-1 | away    | busy | UNKNOWN        | LOW    | may be because busy
            true  | RUNNING      | true  | p-1 | first   |      | UNKNOWN        | LOW    | its heartbeat has not moved since 00:00:00Z; contact counts as lost once it has stood still for 155 s
            true  | RUNNING      | true  | p-1 | once    |      | UNKNOWN        | LOW    | its heartbeat moved once, at 00:00:10Z
            true  | RUNNING      | true  | p-1 |         |      | UNKNOWN        | LOW    | does not tell when it last heard from its cloud
            true  | RUNNING      | true  | p-1 | first   | busy | UNKNOWN        | LOW    | since busy
            true  | RUNNING      | true  | ''  | away    |      | NOT_APPLICABLE | MEDIUM | no cloud manages this machine
            false | RUNNING      | true  | ''  | away    |      | NOT_APPLICABLE | LOW    | when last seen, no cloud managed this machine
            true  | RUNNING      | true  |     | never   |      | UNKNOWN        | LOW    | does not say whether a cloud manages it
            true  | RUNNING      | false | p-1 | away    |      | NOT_APPLICABLE | MEDIUM | no data manager
            true  | RUNNING      | true  |     | away    |      | PAUSED         | MEDIUM | no contact
            true  | INITIALIZING | false | p-1 | contact |      | UNKNOWN        | LOW    | still starting
            true  | UNKNOWN      | false | p-1 | contact |      | UNKNOWN        | LOW    | does not list what it has
            true  | UNKNOWN      | true  | p-1 | contact |      | ACTIVE         | MEDIUM | in contact
            false | RUNNING      | true  | p-1 | contact |      | UNKNOWN        | LOW    | when last seen, it was in contact with the Viam cloud
            false | RUNNING      | true  | p-1 | away    |      | UNKNOWN        | LOW    | when last seen, it had no contact with the Viam cloud since 00:00:30Z
            false | RUNNING      | true  | p-1 | first   |      | UNKNOWN        | LOW    | nothing is known of its contact
            """)
    void whatIsSaidFollowsFromWhatIsKnown(
            boolean reached,
            Lifecycle lifecycle,
            boolean manager,
            @Nullable String part,
            @Nullable String heartbeat,
            @Nullable String busy,
            State state,
            Confidence confidence,
            String says) {
        Sync said = judge(
                reached ? reached() : away(),
                report(lifecycle, manager, part, busy == null ? "" : busy),
                heartbeat == null ? null : HEARTBEATS.get(heartbeat));
        assertThat(said.state()).isEqualTo(state);
        assertThat(said.confidence()).isEqualTo(confidence);
        assertThat(said.reason()).contains(says);
    }

    @Test
    void ofAMachineThatNeverAnsweredNothingIsSaid() {
        Sync said = judge(away(), null, null);
        assertThat(said.state()).isEqualTo(State.UNKNOWN);
        assertThat(said.evidence()).extracting(Sync.Evidence::source).containsExactly(Source.ROUTE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # reached | heartbeat | cloud | sync off there | uplink | state | confidence | says
            true  | contact | ONLINE         | false | UP      | ACTIVE   | HIGH   | its configuration there has sync switched on
            true  | contact | ONLINE         |       | UP      | ACTIVE   | MEDIUM | whether sync is switched on cannot be seen from here
            true  | contact | OFFLINE        | false | UP      | ACTIVE   | LOW    | seen from the machine itself
            true  | contact | ONLINE         | true  | UP      | DISABLED | MEDIUM | switches data sync off
            true  | contact | ONLINE         | true  | DOWN    | ACTIVE   | MEDIUM | seen from the machine itself
            true  | away    | OFFLINE        | false | UP      | PAUSED   | HIGH   | no contact with the Viam cloud
            true  | away    | OFFLINE        | false | DOWN    | PAUSED   | MEDIUM | no contact with the Viam cloud
            true  | away    | ONLINE         | false | UP      | PAUSED   | MEDIUM | no contact with the Viam cloud
            true  | long    | ONLINE         | false | UP      | UNKNOWN  | LOW    | but the cloud says that it is online
            true  | long    | ONLINE         | false | DOWN    | PAUSED   | MEDIUM | no contact with the Viam cloud
            true  | long    | AWAITING_SETUP |       | UP      | PAUSED   | MEDIUM | no contact with the Viam cloud
            true  | never   | OFFLINE        |       | UP      | PAUSED   | HIGH   | whose rhythm has not been seen
            true  |         | ONLINE         |       | UP      | ACTIVE   | LOW    | the machine itself does not tell
            true  |         | OFFLINE        |       | UP      | UNKNOWN  | LOW    | does not tell
            false | contact | ONLINE         | false | UP      | ACTIVE   | LOW    | the machine itself is not reached
            false | contact | ONLINE         | true  | UP      | DISABLED | LOW    | switches data sync off
            false | contact | OFFLINE        | false | UP      | UNKNOWN  | LOW    | the Viam cloud does not hear it either
            false | contact | OFFLINE        | false | DOWN    | UNKNOWN  | LOW    | the gateway's own way to the internet is down
            false | contact | ONLINE         | false | DOWN    | UNKNOWN  | LOW    | the gateway's own way to the internet is down
            """)
    void theCloudsWordIsTakenForWhatItCanKnow(
            boolean reached,
            @Nullable String heartbeat,
            CloudView.Online online,
            @Nullable Boolean disabled,
            Uplink.State uplink,
            State state,
            Confidence confidence,
            String says) {
        Heartbeat known = heartbeat == null ? null : HEARTBEATS.get(heartbeat);
        Moment now = known == null ? START : known.last().moment();
        Sync said = Verdict.of(new Verdict.Known(
                reached ? reached() : away(),
                report(Lifecycle.RUNNING, true, "p-1", ""),
                known,
                new CloudView(
                        online, null, disabled == null ? null : new CloudView.SyncSwitch(!disabled, READ), now.at()),
                "",
                new Uplink(uplink, Sign.START, "", List.of()),
                now));
        assertThat(said.state()).isEqualTo(state);
        assertThat(said.confidence()).isEqualTo(confidence);
        assertThat(said.reason()).contains(says);
        assertThat(said.evidence()).extracting(Sync.Evidence::source).contains(Source.CLOUD);
    }

    @Test
    void aDataManagerThatIsNotReadyUploadsNothingThatOneCouldSpeakOf() {
        MachineReport whole = report(Lifecycle.RUNNING, true, "p-1", "");
        MachineReport report = new MachineReport(
                whole.observedAt(),
                whole.rtt(),
                whole.lifecycle(),
                "",
                List.of(new MachineReport.Resource(
                        "rdk:service:data_manager", "builtin", "UNHEALTHY", "no such directory")),
                whole.observedAt(),
                whole.configuration(),
                "p-1",
                null);
        Sync said = judge(reached(), report, HEARTBEATS.get("contact"));
        assertThat(said.state()).isEqualTo(State.UNKNOWN);
        assertThat(said.reason()).contains("its data manager is UNHEALTHY: no such directory");
    }

    @Test
    void whoeverAnswersWithoutTellingOfItsContactIsNotJudgedByWhatItOnceTold() {
        Heartbeat contact = Objects.requireNonNull(HEARTBEATS.get("contact"));
        Moment told = contact.last().moment();
        for (int seconds : List.of(45, 46)) {
            Moment now = new Moment(
                    told.nanos() + Duration.ofSeconds(seconds).toNanos(),
                    told.at().plusSeconds(seconds));
            Sync said = Verdict.of(new Verdict.Known(
                    reached(),
                    report(Lifecycle.RUNNING, true, "p-1", ""),
                    contact,
                    null,
                    "",
                    new Uplink(Uplink.State.UP, Sign.START, "", List.of()),
                    now));
            assertThat(said.state()).isEqualTo(seconds > 45 ? State.UNKNOWN : State.ACTIVE);
        }
    }

    @Test
    void aCloudThatCannotBeAskedIsSpokenOf() {
        Heartbeat contact = Objects.requireNonNull(HEARTBEATS.get("contact"));
        Sync said = Verdict.of(new Verdict.Known(
                reached(),
                report(Lifecycle.RUNNING, true, "p-1", ""),
                contact,
                null,
                "the Viam cloud does not tell: UNAUTHENTICATED",
                new Uplink(Uplink.State.UP, Sign.START, "", List.of()),
                contact.last().moment()));
        assertThat(said.evidence())
                .contains(new Sync.Evidence(Source.CLOUD, null, "the Viam cloud does not tell: UNAUTHENTICATED"));
    }

    @Test
    void whatBeganLongAgoIsSaidWithItsDay() {
        Heartbeat away = new Sign().hears(4, TEN).watched(Duration.ofHours(13)).heartbeat;
        assertThat(judge(reached(), report(Lifecycle.RUNNING, true, "p-1", ""), away)
                        .reason())
                .startsWith("no contact with the Viam cloud since 2030-01-01 00:00:30Z");
    }

    @Test
    void whatTheCloudsConfigurationSaysIsShownWithTheTimeItWasRead() {
        Heartbeat contact = Objects.requireNonNull(HEARTBEATS.get("contact"));
        Sync said = Verdict.of(new Verdict.Known(
                reached(),
                report(Lifecycle.RUNNING, true, "p-1", ""),
                contact,
                new CloudView(
                        CloudView.Online.ONLINE,
                        null,
                        new CloudView.SyncSwitch(true, READ),
                        contact.last().moment().at()),
                "",
                new Uplink(Uplink.State.UP, Sign.START, "", List.of()),
                contact.last().moment()));
        assertThat(said.evidence())
                .contains(
                        new Sync.Evidence(Source.CLOUD, contact.last().moment().at(), "the cloud says online"),
                        new Sync.Evidence(Source.CLOUD, READ, "its configuration in the cloud has sync switched on"));
    }

    @Test
    void noMachineIsBlamedForTheGatewaysOwnUplink() {
        MachineReport report = report(Lifecycle.RUNNING, true, "p-1", "");
        Sync unreached = judge(away(), report, HEARTBEATS.get("contact"), Uplink.State.DOWN);
        assertThat(unreached.state()).isEqualTo(State.UNKNOWN);
        assertThat(unreached.reason())
                .startsWith(
                        "the gateway's own way to the internet is down since 00:00:00Z and the machine is not reached");
        Sync onTheLan = judge(reached(), report, HEARTBEATS.get("contact"), Uplink.State.DOWN);
        assertThat(onTheLan.state()).isEqualTo(State.ACTIVE);
        assertThat(onTheLan.confidence()).isEqualTo(Confidence.MEDIUM);
        assertThat(onTheLan.evidence()).extracting(Sync.Evidence::source).endsWith(Source.UPLINK);
    }

    @Test
    void whatWasLookedAtIsShownWithTheBestFirst() {
        Sync said = judge(reached(), report(Lifecycle.RUNNING, true, "p-1", ""), HEARTBEATS.get("away"));
        assertThat(said.evidence())
                .extracting(Sync.Evidence::source)
                .containsExactly(Source.CONFIG_HEARTBEAT, Source.DATA_MANAGER, Source.CLOUD_METADATA, Source.ROUTE);
        assertThat(said.evidence().getFirst().detail()).isEqualTo("last advanced 00:00:30Z, every 10 s before");
    }

    @Test
    void afterAReturnTheLagIsSpokenOfForAsLongAsItMayLast() {
        Heartbeat back = new Sign().hears(4, TEN).watched(Duration.ofMinutes(2)).hears(8, TEN).heartbeat;
        assertThat(judge(reached(), report(Lifecycle.RUNNING, true, "p-1", ""), back)
                        .reason())
                .endsWith("whether sync is switched on cannot be seen from here");
    }

    @Test
    void theWordsOfContactStayTheSameFromBeatToBeat() {
        Sign machine = new Sign().hears(4, TEN);
        MachineReport report = report(Lifecycle.RUNNING, true, "p-1", "");
        Sync before = judge(reached(), report, machine.heartbeat);
        Sync after = judge(reached(), report, machine.hears(3, TEN).heartbeat);
        assertThat(after.steady()).isEqualTo(before.steady());
    }
}
