package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.time.FakeTime;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import viam.component.motor.v1.GetPositionRequest;
import viam.component.motor.v1.GetPositionResponse;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.GoForResponse;
import viam.component.motor.v1.IsPoweredRequest;
import viam.component.motor.v1.IsPoweredResponse;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.component.motor.v1.StopRequest;
import viam.component.motor.v1.StopResponse;
import viam.robot.v1.CancelOperationRequest;
import viam.robot.v1.CancelOperationResponse;

class SimulatedMotorTest {

    private static final String MOTOR = "viam.component.motor.v1.MotorService/";
    private static final String OPID = "0f0f0f0f-1111-4222-8333-444444444444";

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
    void powerStaysOnUntilStopped() {
        setPower(0.5);
        assertThat(powered()).isEqualTo(isPowered(true, 0.5));
        stop();
        assertThat(powered()).isEqualTo(isPowered(false, 0));
    }

    @Test
    void powerBeyondFullIsTakenAsItIs() {
        setPower(1.7);
        assertThat(powered()).isEqualTo(isPowered(true, 1.7));
    }

    @Test
    void goForTakesItsTimeThenStopsExactlyThere() {
        var running = goFor(60, 2);
        time.advance(Duration.ofMillis(1_999));
        assertThat(running).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(running.join().code()).isEqualTo(Code.OK);
        assertThat(powered().getIsOn()).isFalse();
        assertThat(position()).isEqualTo(2);
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void cancellingGoForAnswersOkAndLeavesThePowerOn() {
        caller.with(Operations.OPID, OPID.toUpperCase(java.util.Locale.ROOT));
        var running = goFor(60, 2);
        caller.without(Operations.OPID);
        caller.call(
                "viam.robot.v1.RobotService/CancelOperation",
                CancelOperationRequest.newBuilder().setId(OPID).build(),
                CancelOperationResponse.getDefaultInstance());
        assertThat(running.join().code()).isEqualTo(Code.OK);
        assertThat(running.join().opid()).isEqualTo(OPID);
        assertThat(powered()).isEqualTo(isPowered(true, 0.6));
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void stoppingGoForAnswersItOk() {
        var running = goFor(60, 2);
        stop();
        assertThat(running.join().code()).isEqualTo(Code.OK);
        assertThat(powered().getIsOn()).isFalse();
    }

    @Test
    void anotherCommandEndsGoForWithOk() {
        var running = goFor(60, 2);
        setPower(0.25);
        assertThat(running.join().code()).isEqualTo(Code.OK);
        time.advance(Duration.ofMinutes(1));
        assertThat(powered()).isEqualTo(isPowered(true, 0.25));
    }

    @Test
    void goForWithoutSpeedIsRefusedInTheDriversWords() {
        var reply = goFor(0, 2).join();
        assertThat(reply.code()).isEqualTo(Code.UNKNOWN);
        assertThat(reply.text()).isEqualTo("Cannot move motor at an RPM that is nearly 0");
        assertThat(reply.opid()).isNotNull();
    }

    private void setPower(double power) {
        caller.call(
                        MOTOR + "SetPower",
                        SetPowerRequest.newBuilder()
                                .setName("m1")
                                .setPowerPct(power)
                                .build(),
                        SetPowerResponse.getDefaultInstance())
                .only();
    }

    private void stop() {
        caller.call(MOTOR + "Stop", StopRequest.newBuilder().setName("m1").build(), StopResponse.getDefaultInstance())
                .only();
    }

    private IsPoweredResponse powered() {
        return caller.call(
                        MOTOR + "IsPowered",
                        IsPoweredRequest.newBuilder().setName("m1").build(),
                        IsPoweredResponse.getDefaultInstance())
                .only();
    }

    private double position() {
        return caller.call(
                        MOTOR + "GetPosition",
                        GetPositionRequest.newBuilder().setName("m1").build(),
                        GetPositionResponse.getDefaultInstance())
                .only()
                .getPosition();
    }

    /** Begins to turn, and comes back when the motor does. */
    private CompletableFuture<Caller.Reply<GoForResponse>> goFor(double rpm, double revolutions) {
        var running = caller.begin(
                MOTOR + "GoFor",
                GoForRequest.newBuilder()
                        .setName("m1")
                        .setRpm(rpm)
                        .setRevolutions(revolutions)
                        .build(),
                GoForResponse.getDefaultInstance());
        await().until(() -> running.isDone() || machine.isMoving("m1"));
        return running;
    }

    private static IsPoweredResponse isPowered(boolean on, double power) {
        return IsPoweredResponse.newBuilder().setIsOn(on).setPowerPct(power).build();
    }
}
