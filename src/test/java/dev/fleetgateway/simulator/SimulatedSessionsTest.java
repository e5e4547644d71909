package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.time.FakeTime;
import io.grpc.Status.Code;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import viam.common.v1.Vector3;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.GoForResponse;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.robot.v1.GetSessionsRequest;
import viam.robot.v1.GetSessionsResponse;
import viam.robot.v1.PeerConnectionType;
import viam.robot.v1.SendSessionHeartbeatRequest;
import viam.robot.v1.SendSessionHeartbeatResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;

class SimulatedSessionsTest {

    private static final String ROBOT = "viam.robot.v1.RobotService/";

    private final FakeTime time = new FakeTime();
    private final SimulatedFleet fleet = SimulatedFleet.start(time, MachineSpec.named("rover"));
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final Caller caller = Caller.of(machine);

    @AfterEach
    void close() {
        caller.close();
        fleet.close();
    }

    @Test
    void aSessionThatIsNotHeardOfStopsWhatItMoved() {
        String sid = start("");
        power("m1", 0.5, sid);
        time.advance(Duration.ofMillis(1_999));
        assertThat(machine.isMoving("m1")).isTrue();
        time.advance(Duration.ofMillis(1));
        assertThat(machine.isMoving("m1")).isFalse();
        var late = power("m1", 0.5, sid);
        assertThat(late.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(late.text()).isEqualTo("SESSION_EXPIRED");
        assertThat(late.opid()).isNull();
        assertThat(machine.isMoving("m1")).isFalse();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void beatsAndMonitoredCallsKeepASessionAlive() {
        String sid = start("");
        power("m1", 0.5, sid);
        time.advance(Duration.ofMillis(1_500));
        assertThat(beat(sid).code()).isEqualTo(Code.OK);
        time.advance(Duration.ofMillis(1_500));
        power("m2", 0.5, sid);
        time.advance(Duration.ofMillis(1_500));
        assertThat(machine.isMoving("m1")).isTrue();
        time.advance(Duration.ofMillis(500));
        assertThat(machine.isMoving("m1")).isFalse();
        assertThat(beat(sid).text()).isEqualTo("SESSION_EXPIRED");
    }

    @Test
    void aMonitoredCallWithoutASessionDisarmsAlsoWhenItFails() {
        String sid = start("");
        power("m1", 0.5, sid);
        var failed = caller.call(
                "viam.component.motor.v1.MotorService/GoFor",
                GoForRequest.newBuilder().setName("m1").build(),
                GoForResponse.getDefaultInstance());
        assertThat(failed.code()).isEqualTo(Code.UNKNOWN);
        time.advance(Duration.ofMinutes(1));
        assertThat(machine.isMoving("m1")).isTrue();
    }

    @Test
    void theNilSessionIsNoneAndDisarmsToo() {
        power("m1", 0.5, start(""));
        power("m1", 0.5, "00000000-0000-0000-0000-000000000000");
        time.advance(Duration.ofMinutes(1));
        assertThat(machine.isMoving("m1")).isTrue();
    }

    @Test
    void theLastCallerOfAResourceProtectsItAndNobodyElse() {
        String first = start("");
        String second = start("");
        power("m1", 0.5, first);
        power("m1", 0.5, second);
        power("m2", 0.5, first);
        time.advance(Duration.ofSeconds(1));
        beat(second);
        time.advance(Duration.ofSeconds(1));
        assertThat(machine.isMoving("m1")).isTrue();
        assertThat(machine.isMoving("m2")).isFalse();
    }

    @Test
    void anArmedWheelStopsAloneUnderABaseThatAnotherSessionDrives() {
        String dead = start("");
        power("m1", 0.5, dead);
        time.advance(Duration.ofSeconds(1));
        caller.with(Sessions.SID, start(""));
        caller.call(
                        "viam.component.base.v1.BaseService/SetPower",
                        viam.component.base.v1.SetPowerRequest.newBuilder()
                                .setName("base1")
                                .setLinear(Vector3.newBuilder().setY(1))
                                .build(),
                        viam.component.base.v1.SetPowerResponse.getDefaultInstance())
                .only();
        time.advance(Duration.ofSeconds(1));
        assertThat(machine.isMoving("m1")).isFalse();
        assertThat(machine.isMoving("base1")).isTrue();
        time.advance(Duration.ofSeconds(1));
        assertThat(machine.isMoving("base1")).isFalse();
    }

    @Test
    void aLiveSessionIsResumedAndAnExpiredOneIsReplaced() {
        String sid = start("");
        assertThat(start(sid)).isEqualTo(sid);
        time.advance(Duration.ofSeconds(2));
        assertThat(start(sid)).isNotEqualTo(sid);
    }

    @Test
    void malformedIdentifiersAreSaidToBeSo() {
        assertThat(power("m1", 0, "junk").text()).isEqualTo("invalid UUID length: 4");
        assertThat(power("m1", 0, "").text()).isEqualTo("invalid UUID length: 0");
        assertThat(beat("junk").code()).isEqualTo(Code.UNKNOWN);
        caller.with(Sessions.SID, start(""));
        assertThat(power("m1", 0, start("")).text()).isEqualTo("found more than one session id in metadata");
    }

    @Test
    void sessionsAreListedWithTheirPeer() {
        String sid = start("");
        GetSessionsResponse all = caller.call(
                        ROBOT + "GetSessions",
                        GetSessionsRequest.getDefaultInstance(),
                        GetSessionsResponse.getDefaultInstance())
                .only();
        assertThat(all.getSessionsList()).singleElement().satisfies(one -> {
            assertThat(one.getId()).isEqualTo(sid);
            assertThat(one.getPeerConnectionInfo().getType()).isEqualTo(PeerConnectionType.PEER_CONNECTION_TYPE_GRPC);
            assertThat(one.getPeerConnectionInfo().getRemoteAddress()).startsWith("127.0.0.1:");
        });
    }

    @Test
    void missedHeartbeatsAreNeitherAnsweredNorCounted() {
        String sid = start("");
        power("m1", 0.5, sid);
        machine.missHeartbeats();
        var unanswered = caller.begin(
                ROBOT + "SendSessionHeartbeat",
                SendSessionHeartbeatRequest.newBuilder().setId(sid).build(),
                SendSessionHeartbeatResponse.getDefaultInstance());
        time.advance(Duration.ofSeconds(2));
        assertThat(unanswered).isNotDone();
        assertThat(machine.isMoving("m1")).isFalse();
    }

    private String start(String resume) {
        StartSessionResponse started = caller.call(
                        ROBOT + "StartSession",
                        StartSessionRequest.newBuilder().setResume(resume).build(),
                        StartSessionResponse.getDefaultInstance())
                .only();
        assertThat(started.getHeartbeatWindow().getSeconds()).isEqualTo(2);
        return started.getId();
    }

    private Caller.Reply<SendSessionHeartbeatResponse> beat(String sid) {
        return caller.call(
                ROBOT + "SendSessionHeartbeat",
                SendSessionHeartbeatRequest.newBuilder().setId(sid).build(),
                SendSessionHeartbeatResponse.getDefaultInstance());
    }

    private Caller.Reply<SetPowerResponse> power(String motor, double power, @Nullable String sid) {
        if (sid != null) {
            caller.with(Sessions.SID, sid);
        }
        var reply = caller.call(
                "viam.component.motor.v1.MotorService/SetPower",
                SetPowerRequest.newBuilder().setName(motor).setPowerPct(power).build(),
                SetPowerResponse.getDefaultInstance());
        caller.without(Sessions.SID);
        return reply;
    }
}
