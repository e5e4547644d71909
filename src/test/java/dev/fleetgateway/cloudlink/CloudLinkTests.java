package dev.fleetgateway.cloudlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.cloud.CloudView;
import dev.fleetgateway.cloudlink.Sync.State;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.ConnectionState;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.time.Moment;
import dev.fleetgateway.uplink.Uplink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CloudLinkTests {

    private static final Duration TEN = Duration.ofSeconds(10);
    private static final Machine ROVER = new Machine(
            "rover-1",
            Address.parse("127.0.0.1:8080"),
            List.of(),
            Map.of(),
            RoutePolicy.PREFER_LAN,
            null,
            new Tls(Tls.Mode.PLAINTEXT, "127.0.0.1", null),
            Duration.ofSeconds(20),
            SessionManagement.AUTO,
            null);

    private final CloudLink link = new CloudLink(Sign.LEAST, Sign.START);
    private Duration now = Duration.ZERO;
    private MachineReport.@Nullable Configuration told;
    private Uplink.State uplink = Uplink.State.UP;
    private CloudView.@Nullable Online cloud;

    private final CloudLink.Surroundings around = new CloudLink.Surroundings() {
        @Override
        public @Nullable CloudView cloud(String partId) {
            return cloud == null ? null : new CloudView(cloud, null, null, at());
        }

        @Override
        public String cloudTrouble() {
            return "";
        }

        @Override
        public Uplink uplink() {
            return new Uplink(uplink, Sign.START, "", List.of());
        }
    };

    private Instant at() {
        return Sign.START.plus(now);
    }

    private Moment moment() {
        return new Moment(now.toNanos(), at());
    }

    /** The machine answers, which took that long. */
    private void answers(Duration rtt) {
        link.changed(
                new Connection.Snapshot(
                        ROVER,
                        new ConnectionState.Ready(Sign.START, ""),
                        null,
                        List.of(),
                        new MachineReport(
                                at(),
                                rtt,
                                MachineReport.Lifecycle.RUNNING,
                                "",
                                List.of(new MachineReport.Resource("rdk:service:data_manager", "builtin", "READY", "")),
                                at(),
                                told,
                                "p-1",
                                null),
                        0),
                around,
                moment());
    }

    /** ... and says when it last heard from its cloud. */
    private void tells(Instant heard) {
        told = new MachineReport.Configuration(heard, "r1", Sign.START.minusSeconds(600), "", at(), now.toNanos());
        answers(Duration.ZERO);
    }

    private void isInContact() {
        for (int i = 0; i < 4; i++) {
            now = now.plus(TEN);
            tells(at());
        }
        assertThat(link.sync().state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void answersThatSayNothingOfContactAreNoAbsence() {
        isInContact();
        for (int i = 0; i < 60; i++) {
            now = now.plusSeconds(5);
            answers(Duration.ZERO);
            assertThat(link.sync().state()).isNotEqualTo(State.PAUSED);
        }
        assertThat(link.sync().state()).isEqualTo(State.UNKNOWN);
        tells(at());
        assertThat(link.sync().state()).isNotEqualTo(State.PAUSED);
    }

    @Test
    void anAnswerThatWasReadLateSaysWhatWasSoWhenItWasAskedFor() {
        isInContact();
        // The gateway stood still for five minutes with the answer in its socket.
        Instant heard = at();
        long asked = now.plusSeconds(5).toNanos();
        now = now.plusSeconds(305);
        told = new MachineReport.Configuration(heard, "r1", Sign.START.minusSeconds(600), "", at(), asked);
        answers(Duration.ofMinutes(5));
        assertThat(link.sync().state()).isNotEqualTo(State.PAUSED);
    }

    @Test
    void aVerdictByTheCloudGoesWithItsWord() {
        answers(Duration.ZERO);
        cloud = CloudView.Online.ONLINE;
        assertThat(link.judge(around, moment())).isTrue();
        assertThat(link.sync().state()).isEqualTo(State.ACTIVE);
        cloud = null;
        assertThat(link.judge(around, moment())).isTrue();
        assertThat(link.sync().state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void whatTheCloudSaysIsNothingWhileTheGatewaysOwnUplinkIsDown() {
        answers(Duration.ZERO);
        cloud = CloudView.Online.ONLINE;
        uplink = Uplink.State.DOWN;
        link.judge(around, moment());
        assertThat(link.sync().state()).isEqualTo(State.UNKNOWN);
    }
}
