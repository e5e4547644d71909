package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static dev.fleetgateway.lease.LeasedFleet.throughout;
import static dev.fleetgateway.lease.Rover.MOTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import dev.fleetgateway.simulator.RecordedCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Machines whose callers keep the sessions themselves, and machines that know none. */
class OwnSessionsIT {

    private static final String ROBOT = "/rpc/viam.robot.v1.RobotService/";

    @Test
    void whereCallersKeepSessionsThemselvesTheirsArePassedOn() {
        try (LeasedFleet fleet = LeasedFleet.of(
                List.of(LeasedFleet.spec("byhand")), "gateway.machines.byhand.session.management=NONE")) {
            Rover rover = fleet.rover();

            Answer refused = rover.power("m1");
            assertThat(refused.status()).as(refused.body()).isEqualTo(428);
            assertThat(refused.member("code")).isEqualTo("session-required");
            assertThat(rover.came(MOTOR + "SetPower")).isEmpty();
            assertThat(rover.askForLease(Duration.ofSeconds(2)).status()).isEqualTo(501);

            Answer session = rover.call(ROBOT + "StartSession", "{}");
            assertThat(session.status()).as(session.body()).isEqualTo(200);
            String sid = session.member("id");
            assertThat(rover.power("m1", "Viam-Sid", sid).status()).isEqualTo(200);
            assertThat(rover.executed(MOTOR + "SetPower").getFirst().sid()).contains(sid);
            try (var _ = fleet.every(
                    Duration.ofMillis(100),
                    () -> rover.later(ROBOT + "SendSessionHeartbeat", "{\"id\": \"%s\"}".formatted(sid)))) {
                throughout(LeasedFleet.WINDOW.multipliedBy(3), "it goes on", () -> rover.moves("m1"));
            }
            eventually("it is stopped by the machine", rover::stands);
            Answer late = rover.power("m1", "Viam-Sid", sid);
            assertThat(late.status()).isEqualTo(409);
            assertThat(late.member("code")).isEqualTo("lease-lost");
            assertThat(rover.machine().monitoredWithoutSession()).isZero();
        }
    }

    @Test
    void elsewhereACallersOwnSessionIsNotTaken() {
        try (LeasedFleet fleet = LeasedFleet.of(1)) {
            Rover rover = fleet.rover();
            assertThat(rover.call(ROBOT + "StartSession", "{}").member("code")).isEqualTo("method-closed");
            assertThat(rover.call(ROBOT + "SendSessionHeartbeat", "{}").member("code"))
                    .isEqualTo("method-closed");
            Answer refused = rover.power("m1", "Viam-Sid", "0a1b2c3d-1111-4222-8333-444455556666");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(rover.came(MOTOR + "SetPower")).isEmpty();
        }
    }

    @Test
    void aMachineThatKnowsNoSessionsIsNotMoved() {
        try (LeasedFleet fleet =
                LeasedFleet.of(List.of(LeasedFleet.spec("plain").withoutSessions()))) {
            Rover rover = fleet.rover();
            for (Answer refused : List.of(
                    rover.askForLease(Duration.ofSeconds(2)),
                    rover.laterGoFor("m1").join())) {
                assertThat(refused.status()).as(refused.body()).isEqualTo(501);
                assertThat(refused.member("code")).isEqualTo("not-available-here");
                assertThat(refused.member("outcome")).isEqualTo("NOT_SENT");
            }
            assertThat(rover.came(MOTOR + "GoFor")).isEmpty();
            assertThat(rover.picture().get("lease").isNull()).isTrue();
            assertThat(rover.stop().status()).isEqualTo(200);
        }
    }

    @Test
    void whereThatIsAllowedTheGatewayAloneProtectsIt() {
        try (LeasedFleet fleet = LeasedFleet.of(
                List.of(LeasedFleet.spec("plain").withoutSessions()), "gateway.session.allow-unprotected=true")) {
            Rover rover = fleet.rover();
            Holder holder = rover.acquire(Duration.ofSeconds(1));
            assertThat(holder.power("m1").status()).isEqualTo(200);
            assertThat(rover.protection()).isEqualTo("GATEWAY_ONLY");
            assertThat(rover.executed(MOTOR + "SetPower"))
                    .extracting(RecordedCall::sid)
                    .allMatch(Optional::isEmpty);
            throughout(Duration.ofSeconds(2), "it goes on", () -> rover.moves("m1"));
            holder.falls();
            eventually("it is stopped by the gateway", rover::stands);
            eventually("that is told", () -> rover.lastStop().equals("EXPIRED"));
            Answer held = rover.call("/components/motor/m1/SetPower?hold=500ms", "{\"powerPct\": 0.5}");
            assertThat(held.status()).as(held.body()).isEqualTo(200);
            eventually("it is stopped", rover::stands);
        }
    }
}
