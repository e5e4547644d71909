package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.time.FakeTime;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.GoForResponse;
import viam.component.motor.v1.IsMovingRequest;
import viam.component.motor.v1.IsMovingResponse;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.robot.v1.GetOperationsRequest;
import viam.robot.v1.GetOperationsResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;

/** What the simulator knows of calls and sessions, for tests that compare it with what the gateway says. */
class SimulatedRecordingTest {

    private static final String ROBOT = "viam.robot.v1.RobotService/";
    private static final String MOTOR = "viam.component.motor.v1.MotorService/";
    private static final String SET_POWER = MOTOR + "SetPower";
    private static final Duration WINDOW = Duration.ofSeconds(2);

    private final FakeTime time = new FakeTime();
    private final SimulatedFleet fleet = SimulatedFleet.start(time, MachineSpec.named("rover"));
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final Caller caller = Caller.of(machine);

    @BeforeEach
    void record() {
        machine.recording(true);
    }

    @AfterEach
    void close() {
        caller.close();
        fleet.close();
    }

    @Test
    void aCallIsExecutedWhenItsResourceBeginsAndNotBefore() {
        machine.delay(SET_POWER, Duration.ofSeconds(1));
        var late = setPower("m1", null);
        await().until(() -> machine.calls().size() == 1);
        assertThat(last().executed()).isEmpty();
        time.advance(Duration.ofSeconds(1));
        assertThat(late.join().code()).isEqualTo(Code.OK);
        assertThat(last().executed()).contains(time.now());
        assertThat(last().at()).isEqualTo(time.now().minusSeconds(1));
        assertThat(last().state()).isEqualTo(RecordedCall.State.ANSWERED);
    }

    @Test
    void aDriversOwnErrorIsExecutedAndAMissingResourceIsNot() {
        caller.call(
                MOTOR + "GoFor", GoForRequest.newBuilder().setName("m1").build(), GoForResponse.getDefaultInstance());
        assertThat(last().state()).isEqualTo(RecordedCall.State.FAILED);
        assertThat(last().executed()).isPresent();
        assertThat(last().error()).contains("Cannot move motor at an RPM that is nearly 0");
        setPower("m7", null).join();
        assertThat(last().state()).isEqualTo(RecordedCall.State.FAILED);
        assertThat(last().executed()).isEmpty();
    }

    @Test
    void aCallRefusedAtTheSessionGateIsRecordedAsRefused() {
        String sid = start();
        time.advance(WINDOW);
        setPower("m1", sid).join();
        assertThat(last().state()).isEqualTo(RecordedCall.State.REFUSED);
        assertThat(last().error()).contains("SESSION_EXPIRED");
        assertThat(last().sid()).contains(sid);
        assertThat(last().resource()).isEqualTo("m1");
        assertThat(last().opid()).isEmpty();
        assertThat(last().executed()).isEmpty();
    }

    @Test
    void theSessionOfAnUnmonitoredCallIsRecordedToo() {
        String sid = start();
        caller.with(Sessions.SID, sid);
        isMoving();
        assertThat(last().sid()).contains(sid);
    }

    @Test
    void theProtectorIsTheLastMonitoredCaller() {
        assertThat(machine.protector("m1")).isEmpty();
        String first = start();
        String second = start();
        setPower("m1", first).join();
        assertThat(machine.protector("m1")).contains(first);
        setPower("m1", second).join();
        assertThat(machine.protector("rdk:component:motor/m1")).contains(second);
        assertThat(machine.monitoredWithoutSession()).isZero();
        setPower("m1", null).join();
        assertThat(machine.protector("m1")).isEmpty();
        assertThat(machine.monitoredWithoutSession()).isEqualTo(1);
        setPower("m2", first).join();
        time.advance(WINDOW);
        assertThat(machine.protector("m2")).isEmpty();
    }

    @Test
    void aCallDelayedOnTheWayMeetsTheGatesOnlyWhenItArrives() {
        machine.delayOnTheWay(SET_POWER, Duration.ofSeconds(3));
        String sid = start();
        var late = setPower("m1", sid);
        isMoving();
        assertThat(machine.calls()).noneMatch(call -> call.method().equals(SET_POWER));
        assertThat(caller.call(
                                ROBOT + "GetOperations",
                                GetOperationsRequest.getDefaultInstance(),
                                GetOperationsResponse.getDefaultInstance())
                        .only()
                        .getOperationsList())
                .isEmpty();
        assertThat(machine.protector("m1")).isEmpty();
        time.advance(Duration.ofSeconds(3));
        assertThat(late.join().text()).isEqualTo("SESSION_EXPIRED");
        assertThat(machine.isMoving("m1")).isFalse();
    }

    @Test
    void aCallDelayedInTheHandlerHasPassedTheGates() {
        machine.delay(SET_POWER, Duration.ofSeconds(3));
        String sid = start();
        var late = setPower("m1", sid);
        isMoving();
        assertThat(machine.protector("m1")).contains(sid);
        time.advance(Duration.ofSeconds(3));
        assertThat(late.join().code()).isEqualTo(Code.OK);
        assertThat(machine.isMoving("m1")).isTrue();
    }

    @Test
    void aCallOnTheWayArrivesAlthoughItsCallerHasGone() {
        machine.delayOnTheWay(null, Duration.ofSeconds(3));
        var goFor = caller.start(
                MOTOR + "GoFor",
                MethodType.UNARY,
                GoForRequest.newBuilder()
                        .setName("m1")
                        .setRpm(60)
                        .setRevolutions(1)
                        .build(),
                GoForResponse.getDefaultInstance());
        await().until(() -> !time.pendingTimers().isEmpty());
        goFor.hangUp();
        goFor.done().join();
        time.advance(Duration.ofSeconds(3));
        assertThat(last().executed()).isPresent();
        await().until(() -> last().state() == RecordedCall.State.ABANDONED);
        // A motion that was cancelled keeps its power.
        assertThat(machine.isMoving("m1")).isTrue();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void aMachineThatGoesDownLosesWhatIsOnTheWay() {
        machine.delayOnTheWay(SET_POWER, Duration.ofSeconds(3));
        var lost = setPower("m1", null);
        await().until(() -> !time.pendingTimers().isEmpty());
        machine.restart();
        assertThat(lost.join().code()).isEqualTo(Code.UNAVAILABLE);
        time.advance(Duration.ofSeconds(3));
        assertThat(machine.calls()).isEmpty();
        assertThat(machine.isMoving("m1")).isFalse();
    }

    private RecordedCall last() {
        return machine.calls().getLast();
    }

    private void isMoving() {
        caller.call(
                        MOTOR + "IsMoving",
                        IsMovingRequest.newBuilder().setName("m1").build(),
                        IsMovingResponse.getDefaultInstance())
                .only();
    }

    private String start() {
        return caller.call(
                        ROBOT + "StartSession",
                        StartSessionRequest.getDefaultInstance(),
                        StartSessionResponse.getDefaultInstance())
                .only()
                .getId();
    }

    private CompletableFuture<Caller.Reply<SetPowerResponse>> setPower(String motor, @Nullable String sid) {
        if (sid != null) {
            caller.with(Sessions.SID, sid);
        }
        var reply = caller.begin(
                SET_POWER,
                SetPowerRequest.newBuilder().setName(motor).setPowerPct(0.5).build(),
                SetPowerResponse.getDefaultInstance());
        caller.without(Sessions.SID);
        return reply;
    }
}
