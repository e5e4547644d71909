package dev.fleetgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/** How the connection of one machine was shown over time, as somebody saw it who looked all the while. */
final class Timeline {

    private final GatewayUnderTest gateway;
    private final String machine;
    private final List<Moment> moments = new ArrayList<>();

    /** What was shown at one time. */
    record Moment(String state, String since, String reason, int attempts) {

        private static Moment of(JsonNode connection) {
            return new Moment(
                    connection.get("state").asString(),
                    connection.get("since").asString(),
                    connection.get("reason").asString(),
                    connection.get("attempts").asInt());
        }
    }

    private Timeline(GatewayUnderTest gateway, String machine) {
        this.gateway = gateway;
        this.machine = machine;
    }

    static Timeline of(GatewayUnderTest gateway, String machine) {
        return new Timeline(gateway, machine);
    }

    /** Looks until it is shown so. */
    Moment awaitState(String state, String reasonPart, Duration atMost) {
        try {
            await().atMost(atMost)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        Moment now = look();
                        return now.state().equals(state) && now.reason().contains(reasonPart);
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "%s was not shown as %s with '%s' in %s, but: %s"
                            .formatted(machine, state, reasonPart, atMost, moments),
                    e);
        }
        return moments.getLast();
    }

    Moment awaitReady(Duration atMost) {
        return awaitState("READY", "", atMost);
    }

    /** Looks until it has come to be ready after a moment. */
    Moment awaitReadyAfter(Moment before, Duration atMost) {
        await().atMost(atMost)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    Moment now = look();
                    return now.state().equals("READY") && !now.since().equals(before.since());
                });
        return moments.getLast();
    }

    Moment look() {
        Moment now = Moment.of(gateway.picture(machine).get("connection"));
        if (moments.isEmpty() || !moments.getLast().equals(now)) {
            moments.add(now);
        }
        return now;
    }

    List<Moment> moments() {
        return List.copyOf(moments);
    }

    /** The time of a state moves when the state does, and only then. */
    void assertSinceMovesWithTheStateOnly() {
        for (int i = 1; i < moments.size(); i++) {
            Moment before = moments.get(i - 1);
            Moment after = moments.get(i);
            assertThat(after.since().equals(before.since()))
                    .as("%s keeps its time while the state is the same: %s, then %s", machine, before, after)
                    .isEqualTo(after.state().equals(before.state()));
        }
    }
}
