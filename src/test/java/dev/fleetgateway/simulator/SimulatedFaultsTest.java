package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.time.FakeTime;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import viam.component.base.v1.MoveStraightRequest;
import viam.component.base.v1.MoveStraightResponse;
import viam.component.motor.v1.IsMovingRequest;
import viam.component.motor.v1.IsMovingResponse;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.robot.v1.CancelOperationRequest;
import viam.robot.v1.CancelOperationResponse;
import viam.robot.v1.GetMachineStatusRequest;
import viam.robot.v1.GetMachineStatusResponse;
import viam.robot.v1.ShutdownRequest;
import viam.robot.v1.ShutdownResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;

class SimulatedFaultsTest {

    private static final String SET_POWER = "viam.component.motor.v1.MotorService/SetPower";
    private static final String IS_MOVING = "viam.component.motor.v1.MotorService/IsMoving";
    private static final String ROBOT = "viam.robot.v1.RobotService/";
    private static final String OPID = "0f0f0f0f-1111-4222-8333-444444444444";

    private final FakeTime time = new FakeTime();
    private final SimulatedFleet fleet = SimulatedFleet.start(
            time, MachineSpec.named("rover"), MachineSpec.named("safe").withTls());
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final Caller caller = Caller.of(machine);

    @AfterEach
    void close() {
        caller.close();
        fleet.close();
    }

    @Test
    void aHangingMethodIsAnsweredWhenMendedAndOthersAtOnce() {
        machine.recording(true);
        machine.hang(SET_POWER);
        var held = caller.begin(SET_POWER, power(), SetPowerResponse.getDefaultInstance());
        assertThat(isMoving().only().getIsMoving()).isFalse();
        await().until(() -> machine.calls().size() == 2);
        assertThat(machine.faults())
                .containsExactly(new ActiveFault(Fault.HANG, Optional.of(SET_POWER), Optional.empty()));
        assertThat(machine.calls()).anySatisfy(call -> {
            assertThat(call.method()).isEqualTo(SET_POWER);
            assertThat(call.state()).isEqualTo(RecordedCall.State.RUNNING);
        });
        machine.mend();
        assertThat(held.join().code()).isEqualTo(Code.OK);
        assertThat(machine.isMoving("m1")).isTrue();
        assertThat(machine.faults()).isEmpty();
    }

    @Test
    void aHangingCallCanBeCancelledAndIsThenNeverCarriedOut() {
        machine.hang(SET_POWER);
        caller.with(Operations.OPID, OPID);
        var held = caller.begin(SET_POWER, power(), SetPowerResponse.getDefaultInstance());
        caller.without(Operations.OPID);
        await().until(() -> {
            cancel();
            return held.isDone();
        });
        assertThat(held.join().code()).isEqualTo(Code.CANCELLED);
        machine.mend();
        assertThat(machine.isMoving("m1")).isFalse();
    }

    @Test
    void aDelayedMethodIsCarriedOutLater() {
        machine.delay(null, Duration.ofMillis(500));
        var late = caller.begin(SET_POWER, power(), SetPowerResponse.getDefaultInstance());
        await().until(() -> !time.pendingTimers().isEmpty());
        time.advance(Duration.ofMillis(499));
        assertThat(machine.isMoving("m1")).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(late.join().code()).isEqualTo(Code.OK);
        assertThat(machine.isMoving("m1")).isTrue();
    }

    @Test
    void aRestartedMachineIsInitializingForAMomentOnTheSamePort() {
        caller.call(SET_POWER, power(), SetPowerResponse.getDefaultInstance()).only();
        int port = machine.port();
        machine.restart();
        assertThat(machine.port()).isEqualTo(port);
        assertThat(machine.faults()).containsExactly(ActiveFault.of(Fault.RESTART));
        await().until(() -> state() == GetMachineStatusResponse.State.STATE_INITIALIZING);
        assertThat(isMoving().text()).isEqualTo("no node found with api rdk:component:motor and name m1");
        time.advance(Duration.ofMillis(600));
        assertThat(isMoving().text())
                .isEqualTo("resource rdk:component:motor/m1 not available; reason=resource not initialized yet");
        time.advance(Duration.ofMillis(400));
        assertThat(state()).isEqualTo(GetMachineStatusResponse.State.STATE_RUNNING);
        assertThat(isMoving().only().getIsMoving()).isFalse();
    }

    @Test
    void nothingOfTheOldProcessGoesOnAfterARestart() {
        caller.call(
                        ROBOT + "StartSession",
                        StartSessionRequest.getDefaultInstance(),
                        StartSessionResponse.getDefaultInstance())
                .only();
        var moving = caller.begin(
                "viam.component.base.v1.BaseService/MoveStraight",
                MoveStraightRequest.newBuilder()
                        .setName("base1")
                        .setDistanceMm(500)
                        .setMmPerSec(250)
                        .build(),
                MoveStraightResponse.getDefaultInstance());
        await().until(() -> machine.isMoving("base1"));
        machine.restart();
        assertThat(moving.join().code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(machine.isMoving("base1")).isFalse();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void aMachineThatIsOffResetsItsConnectionsAndNothingListens() throws IOException {
        try (Socket open = new Socket(InetAddress.getLoopbackAddress(), machine.port())) {
            open.setSoTimeout(5_000);
            await().until(() -> machine.connections() == 1);
            machine.powerOff();
            assertThatThrownBy(() -> {
                        while (open.getInputStream().read() >= 0) {
                            // The machine's first frames may still be on their way.
                        }
                    })
                    .hasMessageContaining("reset");
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), machine.port()))
                .hasMessageContaining("refused");
        assertThat(isMoving().code()).isEqualTo(Code.UNAVAILABLE);
        machine.powerOn();
        await().until(() -> state() == GetMachineStatusResponse.State.STATE_INITIALIZING);
    }

    @Test
    void aMachineComesUpOnItsOwnPortHoweverOftenItGoesDown() {
        for (int i = 0; i < 50; i++) {
            machine.powerOff();
            machine.powerOn();
            machine.restart();
        }
        await().until(() -> state() == GetMachineStatusResponse.State.STATE_INITIALIZING);
    }

    @Test
    void mendingAlsoPowersOn() {
        machine.powerOff();
        machine.powerOff();
        machine.mend();
        await().until(() -> state() == GetMachineStatusResponse.State.STATE_INITIALIZING);
    }

    @Test
    void aMachineToldToShutDownAnswersAndIsGone() {
        caller.call(ROBOT + "Shutdown", ShutdownRequest.getDefaultInstance(), ShutdownResponse.getDefaultInstance())
                .only();
        time.advance(Duration.ofMillis(100));
        assertThat(machine.faults()).contains(ActiveFault.of(Fault.POWER_OFF));
        await().until(() -> isMoving().code() == Code.UNAVAILABLE);
    }

    @Test
    void aWrongCertificateIsRefusedByWhoeverChecksIt() {
        SimulatedMachine safe = fleet.machine("safe").orElseThrow();
        assertThat(stateOf(safe).code()).isEqualTo(Code.OK);
        safe.wrongCertificate();
        assertThat(stateOf(safe).code()).isEqualTo(Code.UNAVAILABLE);
        safe.mend();
        assertThat(stateOf(safe).code()).isEqualTo(Code.OK);
        assertThatThrownBy(machine::wrongCertificate).hasMessageContaining("plaintext");
    }

    @Test
    void aStrangersAuthorityDoesNotTrustTheMachine() {
        String stranger = new CertificateAuthority("stranger").pem();
        try (Caller other = Caller.of(fleet.machine("safe").orElseThrow(), stranger)) {
            assertThat(other.call(
                                    ROBOT + "GetMachineStatus",
                                    GetMachineStatusRequest.getDefaultInstance(),
                                    GetMachineStatusResponse.getDefaultInstance())
                            .code())
                    .isEqualTo(Code.UNAVAILABLE);
        }
    }

    @Test
    void recordedCallsTellTheirFate() {
        isMoving();
        assertThat(machine.calls()).isEmpty();
        machine.recording(true);
        isMoving();
        assertThat(machine.calls()).singleElement().satisfies(call -> {
            assertThat(call.method()).isEqualTo(IS_MOVING);
            assertThat(call.resource()).isEqualTo("m1");
            assertThat(call.state()).isEqualTo(RecordedCall.State.ANSWERED);
            assertThat(call.at()).isEqualTo(time.now());
        });
        assertThat(machine.callsSeen()).isEqualTo(2);
        machine.forgetCalls();
        assertThat(machine.calls()).isEmpty();
    }

    private static SetPowerRequest power() {
        return SetPowerRequest.newBuilder().setName("m1").setPowerPct(0.5).build();
    }

    private void cancel() {
        caller.call(
                        ROBOT + "CancelOperation",
                        CancelOperationRequest.newBuilder().setId(OPID).build(),
                        CancelOperationResponse.getDefaultInstance())
                .only();
    }

    private Caller.Reply<IsMovingResponse> isMoving() {
        return caller.call(
                IS_MOVING, IsMovingRequest.newBuilder().setName("m1").build(), IsMovingResponse.getDefaultInstance());
    }

    private GetMachineStatusResponse.State state() {
        var reply = caller.call(
                ROBOT + "GetMachineStatus",
                GetMachineStatusRequest.getDefaultInstance(),
                GetMachineStatusResponse.getDefaultInstance());
        return reply.status().isOk() ? reply.only().getState() : GetMachineStatusResponse.State.STATE_UNSPECIFIED;
    }

    private static Caller.Reply<GetMachineStatusResponse> stateOf(SimulatedMachine machine) {
        try (Caller other = Caller.of(machine)) {
            return other.call(
                    ROBOT + "GetMachineStatus",
                    GetMachineStatusRequest.getDefaultInstance(),
                    GetMachineStatusResponse.getDefaultInstance());
        }
    }
}
