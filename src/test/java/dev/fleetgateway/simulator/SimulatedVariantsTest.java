package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.robot.v1.GetCloudMetadataRequest;
import viam.robot.v1.GetCloudMetadataResponse;
import viam.robot.v1.GetSessionsRequest;
import viam.robot.v1.GetSessionsResponse;
import viam.robot.v1.SendSessionHeartbeatRequest;
import viam.robot.v1.SendSessionHeartbeatResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;

/** Machines that are not as most are: without sessions, or with two addresses. */
class SimulatedVariantsTest {

    private static final String ROBOT = "viam.robot.v1.RobotService/";
    private static final String SID = "0f0f0f0f-1111-4222-8333-444444444444";

    private final FakeTime time = new FakeTime();
    private final SimulatedFleet fleet = SimulatedFleet.start(
            time,
            MachineSpec.named("plain").withoutSessions(),
            MachineSpec.named("double").inCloud().withSecondPort());
    private final SimulatedMachine plain = fleet.machine("plain").orElseThrow();
    private final SimulatedMachine twofold = fleet.machine("double").orElseThrow();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void aMachineWithoutSessionsSaysSoAndKeepsAMotionForGood() {
        try (Caller caller = Caller.of(plain)) {
            assertThat(start(caller).code()).isEqualTo(Code.UNIMPLEMENTED);
            assertThat(caller.call(
                                    ROBOT + "SendSessionHeartbeat",
                                    SendSessionHeartbeatRequest.newBuilder()
                                            .setId(SID)
                                            .build(),
                                    SendSessionHeartbeatResponse.getDefaultInstance())
                            .code())
                    .isEqualTo(Code.UNIMPLEMENTED);
            caller.with(Sessions.SID, SID);
            setPower(caller, 0.5);
            time.advance(Duration.ofMinutes(1));
            assertThat(plain.isMoving("m1")).isTrue();
            assertThat(plain.protector("m1")).isEmpty();
        }
    }

    @Test
    void oneMachineCanBeReachedAtTwoPorts() {
        assertThat(plain.secondPort()).isEmpty();
        assertThat(twofold.secondPort().orElseThrow()).isNotEqualTo(twofold.port());
        try (Caller one = Caller.at(twofold.port());
                Caller other = Caller.at(twofold.secondPort().orElseThrow())) {
            assertThat(cloud(one)).isEqualTo(cloud(other));
            assertThat(cloud(one).getMachinePartId()).isEqualTo(twofold.partId().orElseThrow());
            String sid = start(one).only().getId();
            other.with(Sessions.SID, sid);
            setPower(other, 0.5);
            assertThat(twofold.protector("m1")).contains(sid);
            assertThat(twofold.connections()).isEqualTo(2);
            assertThat(call(
                                    one,
                                    ROBOT + "GetSessions",
                                    GetSessionsRequest.getDefaultInstance(),
                                    GetSessionsResponse.getDefaultInstance())
                            .getSessionsList())
                    .hasSize(1);
        }
    }

    @Test
    void bothPortsGoDownAndComeUpTogether() {
        int port = twofold.port();
        int second = twofold.secondPort().orElseThrow();
        try (Caller one = Caller.at(port);
                Caller other = Caller.at(second)) {
            twofold.powerOff();
            assertThat(start(one).code()).isEqualTo(Code.UNAVAILABLE);
            assertThat(start(other).code()).isEqualTo(Code.UNAVAILABLE);
            twofold.powerOn();
            assertThat(twofold.port()).isEqualTo(port);
            assertThat(twofold.secondPort()).hasValue(second);
        }
        try (Caller one = Caller.at(port);
                Caller other = Caller.at(second)) {
            await().until(() -> start(one).status().isOk());
            await().until(() -> start(other).status().isOk());
        }
    }

    private static GetCloudMetadataResponse cloud(Caller caller) {
        return call(
                caller,
                ROBOT + "GetCloudMetadata",
                GetCloudMetadataRequest.getDefaultInstance(),
                GetCloudMetadataResponse.getDefaultInstance());
    }

    private static Caller.Reply<StartSessionResponse> start(Caller caller) {
        return caller.call(
                ROBOT + "StartSession",
                StartSessionRequest.getDefaultInstance(),
                StartSessionResponse.getDefaultInstance());
    }

    private static void setPower(Caller caller, double power) {
        call(
                caller,
                "viam.component.motor.v1.MotorService/SetPower",
                SetPowerRequest.newBuilder().setName("m1").setPowerPct(power).build(),
                SetPowerResponse.getDefaultInstance());
    }

    private static <T extends Message> T call(Caller caller, String path, Message request, T answer) {
        return caller.call(path, request, answer).only();
    }
}
