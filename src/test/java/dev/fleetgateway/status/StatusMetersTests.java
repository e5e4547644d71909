package dev.fleetgateway.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.time.FakeTime;
import dev.fleetgateway.uplink.Uplink;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class StatusMetersTests {

    private final FakeTime time = new FakeTime();
    private final FakeFleet fleet = new FakeFleet(time);
    private final Feed feed = new Feed(time, "e");
    private final Pictures pictures =
            new Pictures(time, feed, "g", Duration.ofDays(1), _ -> Moving.NOTHING, _ -> FakeFleet.NOT_JUDGED);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void twoMachines() {
        fleet.listen(pictures);
        StatusMeters meters =
                new StatusMeters(pictures, () -> new Uplink(Uplink.State.DOWN, time.now(), "", List.of()), time);
        fleet.listen(meters);
        meters.bindTo(registry);
        fleet.add("r1", Map.of());
        fleet.add("r2", Map.of());
        fleet.answers("r1");
    }

    @Test
    void machinesAreCountedByWhatTheirPicturesSay() {
        assertThat(registry.get("gateway.machines")
                        .tag("state", "READY")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(registry.get("gateway.machines")
                        .tag("state", "CONNECTING")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(registry.get("gateway.machines.sync")
                        .tag("state", "UNKNOWN")
                        .gauge()
                        .value())
                .isEqualTo(2);
        assertThat(registry.get("gateway.route.connections")
                        .tags("kind", "LAN", "via", "ADDRESS", "transport", "GRPC")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void aMachineOnTheInternetIsCountedOnlyWhereItsPolicyPrefersTheLan() {
        fleet.add("far", Map.of(), RoutePolicy.INTERNET_ONLY);
        fleet.answers("far");
        fleet.leavesTheLan("far");
        assertThat(registry.get("gateway.route.unpreferred").gauge().value()).isZero();

        fleet.leavesTheLan("r1");
        assertThat(registry.get("gateway.route.unpreferred").gauge().value()).isEqualTo(1);

        fleet.loses("r1", "cable pulled");
        assertThat(registry.get("gateway.route.unpreferred").gauge().value()).isZero();
    }

    @Test
    void machinesThatAreAwayByTurnsAreNoneThatIsAwayForLong() {
        fleet.answers("r2");
        for (int turn = 0; turn < 10; turn++) {
            String away = turn % 2 == 0 ? "r1" : "r2";
            fleet.loses(away, "cable pulled");
            assertThat(longest("UNREACHABLE")).isLessThan(120);
            time.advance(Duration.ofMinutes(1));
            assertThat(longest("UNREACHABLE")).isEqualTo(60);
            fleet.answers(away);
        }
        assertThat(longest("UNREACHABLE")).isZero();
        fleet.leavesTheLan("r1");
        assertThat(longest("UNPREFERRED")).isZero();
        time.advance(Duration.ofMinutes(20));
        assertThat(longest("UNPREFERRED")).isEqualTo(1200);
        assertThat(longest("PAUSED")).isZero();
    }

    private double longest(String state) {
        return registry.get("gateway.machines.longest")
                .tag("state", state)
                .gauge()
                .value();
    }

    @Test
    void aPollIsTimedOnce() {
        fleet.missesPoll("r1");
        assertThat(registry.get("gateway.route.rtt").tag("kind", "LAN").timer().count())
                .isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        fleet.answers("r1");
        assertThat(registry.get("gateway.route.rtt").tag("kind", "LAN").timer().count())
                .isEqualTo(2);
    }

    @Test
    void readersAreCountedAndThoseThatMeetAGap() {
        try (FeedReader reader = feed.open(Selector.ALL, new Cursor("other", 1), () -> {})) {
            reader.poll();
            assertThat(registry.get("gateway.feed.subscribers").gauge().value()).isEqualTo(1);
        }
        assertThat(registry.get("gateway.feed.subscribers").gauge().value()).isZero();
        assertThat(registry.get("gateway.feed.dropped").functionCounter().count())
                .isEqualTo(1);
    }

    @Test
    void healthCountsMachinesAndIsNeverDownForThem() {
        fleet.loses("r1", "cable pulled");
        Health health = new MachinesHealth(new Counts(pictures)).health();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("connection", Map.of("CONNECTING", 1, "TRANSIENT_FAILURE", 1))
                .containsEntry("sync", Map.of("UNKNOWN", 2));
    }
}
