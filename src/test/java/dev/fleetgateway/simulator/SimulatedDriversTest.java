package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.fleetgateway.time.FakeTime;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import viam.component.base.v1.MoveStraightRequest;
import viam.component.base.v1.MoveStraightResponse;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.GoForResponse;
import viam.component.motor.v1.IsMovingRequest;
import viam.component.motor.v1.IsMovingResponse;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.component.motor.v1.StopRequest;
import viam.component.motor.v1.StopResponse;
import viam.robot.v1.GetOperationsRequest;
import viam.robot.v1.GetOperationsResponse;
import viam.robot.v1.GetSessionsRequest;
import viam.robot.v1.GetSessionsResponse;
import viam.robot.v1.SendSessionHeartbeatRequest;
import viam.robot.v1.SendSessionHeartbeatResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;
import viam.robot.v1.StopAllRequest;
import viam.robot.v1.StopAllResponse;

class SimulatedDriversTest {

    private static final String ROBOT = "viam.robot.v1.RobotService/";
    private static final String MOTOR = "viam.component.motor.v1.MotorService/";
    private static final Duration WINDOW = Duration.ofSeconds(2);

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
    void aDriverThatHangsInStopNeverAnswersItUntilItIsMended() {
        setPower("m1", null);
        machine.hangInStop("m1");
        var stopping = stop("m1");
        settle();
        assertThat(stopping).isNotDone();
        assertThat(machine.isMoving("m1")).isTrue();
        assertThat(operations()).containsExactly('/' + MOTOR + "Stop");
        machine.mend();
        assertThat(stopping.join().code()).isEqualTo(Code.OK);
        assertThat(machine.isMoving("m1")).isFalse();
        assertThat(stop("m1").join().code()).isEqualTo(Code.OK);
    }

    @Test
    void othersOnTheMachineCanBeStoppedBesideIt() {
        setPower("m2", null);
        machine.hangInStop("m1");
        var hanging = stop("m1");
        assertThat(stop("m2").join().code()).isEqualTo(Code.OK);
        assertThat(hanging).isNotDone();
        assertThat(machine.isMoving("m2")).isFalse();
    }

    @Test
    void stopAllGoesNoFurtherThanADriverThatHangs() {
        setPower("m1", null);
        setPower("m2", null);
        machine.hangInStop("m2");
        var all = stopAll();
        await().until(() -> !machine.isMoving("m1"));
        settle();
        assertThat(all).isNotDone();
        assertThat(machine.isMoving("m2")).isTrue();
        machine.mend();
        assertThat(all.join().code()).isEqualTo(Code.OK);
        assertThat(machine.isMoving("m2")).isFalse();
    }

    @Test
    void aBaseStopsTheWheelsThatItCanAndHangsWithTheOther() {
        setPower("m1", null);
        setPower("m2", null);
        machine.hangInStop("m1");
        var stopping = caller.begin(
                "viam.component.base.v1.BaseService/Stop",
                viam.component.base.v1.StopRequest.newBuilder().setName("base1").build(),
                viam.component.base.v1.StopResponse.getDefaultInstance());
        await().until(() -> !machine.isMoving("m2"));
        settle();
        assertThat(stopping).isNotDone();
        assertThat(machine.isMoving("m1")).isTrue();
    }

    @Test
    void aSessionThatExpiresOverADriverThatHangsKeepsAllOthersWaiting() {
        String other = start().join().only().getId();
        setPower("m1", start().join().only().getId());
        machine.hangInStop("m1");
        time.advance(Duration.ofSeconds(1));
        assertThat(beat(other).join().code()).isEqualTo(Code.OK);
        time.advance(Duration.ofMillis(1_100));

        var heartbeat = beat(other);
        var starting = start();
        var sessions = caller.begin(
                ROBOT + "GetSessions",
                GetSessionsRequest.getDefaultInstance(),
                GetSessionsResponse.getDefaultInstance());
        var armed = power("m2", other);
        var disarming = power("m2", null);
        assertThat(isMoving("m1").getIsMoving()).isTrue();
        assertThat(stop("m2").join().code()).isEqualTo(Code.OK);
        settle();
        assertThat(List.of(heartbeat, starting, sessions, armed, disarming)).noneMatch(CompletableFuture::isDone);
        assertThat(machine.isMoving("m2")).isFalse();
        assertThat(operations()).doesNotContain('/' + MOTOR + "SetPower");

        machine.mend();
        assertThat(heartbeat.join().code()).isEqualTo(Code.OK);
        assertThat(starting.join().code()).isEqualTo(Code.OK);
        assertThat(sessions.join().code()).isEqualTo(Code.OK);
        assertThat(armed.join().code()).isEqualTo(Code.OK);
        assertThat(disarming.join().code()).isEqualTo(Code.OK);
        assertThat(machine.isMoving("m1")).isFalse();
        assertThat(machine.isMoving("m2")).isTrue();
    }

    @Test
    void whoeverExpiredWhileTheOthersWaitedIsToldSo() {
        String other = start().join().only().getId();
        setPower("m1", start().join().only().getId());
        machine.hangInStop("m1");
        time.advance(Duration.ofSeconds(1));
        assertThat(beat(other).join().code()).isEqualTo(Code.OK);
        time.advance(WINDOW);
        var late = power("m2", other);
        settle();
        assertThat(late).isNotDone();
        machine.mend();
        assertThat(late.join().text()).isEqualTo(Sessions.EXPIRED);
        assertThat(machine.isMoving("m2")).isFalse();
    }

    @Test
    void aCallThatWaitedForTheSessionsIsCarriedOutAlthoughItsCallerHasGone() {
        setPower("m1", start().join().only().getId());
        machine.hangInStop("m1");
        time.advance(WINDOW);
        var running =
                caller.start(MOTOR + "SetPower", MethodType.UNARY, power("m2"), SetPowerResponse.getDefaultInstance());
        settle();
        running.hangUp();
        settle();
        machine.mend();
        await().until(() -> machine.isMoving("m2"));
    }

    @Test
    void aRestartFreesAMachineWhoseDriverHangs() {
        setPower("m1", start().join().only().getId());
        machine.hangInStop("m1");
        time.advance(WINDOW);
        var waiting = start();
        settle();
        machine.restart();
        assertThat(waiting.join().code()).isEqualTo(Code.UNAVAILABLE);
        await().until(() -> start().join().status().isOk());
        assertThat(machine.isMoving("m1")).isFalse();
    }

    @Test
    void aMotionThatLingersIsAnsweredBeforeItEnds() {
        machine.linger("m1", Duration.ofSeconds(3));
        assertThat(goFor().join().code()).isEqualTo(Code.OK);
        assertThat(machine.isMoving("m1")).isTrue();
        time.advance(Duration.ofMillis(2_999));
        assertThat(machine.isMoving("m1")).isTrue();
        time.advance(Duration.ofMillis(1));
        assertThat(machine.isMoving("m1")).isFalse();
        machine.mend();
        var honest = goFor();
        await().until(() -> machine.isMoving("m1"));
        assertThat(honest).isNotDone();
    }

    @Test
    void aMotionThatLingersCanBeStopped() {
        machine.linger("base1", Duration.ofSeconds(30));
        caller.call(
                        "viam.component.base.v1.BaseService/MoveStraight",
                        MoveStraightRequest.newBuilder()
                                .setName("base1")
                                .setDistanceMm(100)
                                .setMmPerSec(100)
                                .build(),
                        MoveStraightResponse.getDefaultInstance())
                .only();
        assertThat(machine.isMoving("base1")).isTrue();
        assertThat(stopAll().join().code()).isEqualTo(Code.OK);
        assertThat(machine.isMoving("base1")).isFalse();
    }

    private void setPower(String motor, @Nullable String sid) {
        assertThat(power(motor, sid).join().code()).isEqualTo(Code.OK);
    }

    private static SetPowerRequest power(String motor) {
        return SetPowerRequest.newBuilder().setName(motor).setPowerPct(0.5).build();
    }

    private CompletableFuture<Caller.Reply<SetPowerResponse>> power(String motor, @Nullable String sid) {
        if (sid != null) {
            caller.with(Sessions.SID, sid);
        }
        var reply = caller.begin(MOTOR + "SetPower", power(motor), SetPowerResponse.getDefaultInstance());
        caller.without(Sessions.SID);
        return reply;
    }

    private CompletableFuture<Caller.Reply<GoForResponse>> goFor() {
        return begin(
                MOTOR + "GoFor",
                GoForRequest.newBuilder()
                        .setName("m1")
                        .setRpm(60)
                        .setRevolutions(1)
                        .build(),
                GoForResponse.getDefaultInstance());
    }

    private CompletableFuture<Caller.Reply<StopResponse>> stop(String motor) {
        return begin(
                MOTOR + "Stop", StopRequest.newBuilder().setName(motor).build(), StopResponse.getDefaultInstance());
    }

    private CompletableFuture<Caller.Reply<StopAllResponse>> stopAll() {
        return begin(ROBOT + "StopAll", StopAllRequest.getDefaultInstance(), StopAllResponse.getDefaultInstance());
    }

    private CompletableFuture<Caller.Reply<StartSessionResponse>> start() {
        return begin(
                ROBOT + "StartSession",
                StartSessionRequest.getDefaultInstance(),
                StartSessionResponse.getDefaultInstance());
    }

    private CompletableFuture<Caller.Reply<SendSessionHeartbeatResponse>> beat(String sid) {
        return begin(
                ROBOT + "SendSessionHeartbeat",
                SendSessionHeartbeatRequest.newBuilder().setId(sid).build(),
                SendSessionHeartbeatResponse.getDefaultInstance());
    }

    private IsMovingResponse isMoving(String motor) {
        return begin(
                        MOTOR + "IsMoving",
                        IsMovingRequest.newBuilder().setName(motor).build(),
                        IsMovingResponse.getDefaultInstance())
                .join()
                .only();
    }

    private List<String> operations() {
        return begin(
                        ROBOT + "GetOperations",
                        GetOperationsRequest.getDefaultInstance(),
                        GetOperationsResponse.getDefaultInstance())
                .join()
                .only()
                .getOperationsList()
                .stream()
                .map(viam.robot.v1.Operation::getMethod)
                .toList();
    }

    /** Comes back when the machine has seen all that was sent before: one connection is read in order. */
    private void settle() {
        isMoving("m1");
    }

    private <T extends Message> CompletableFuture<Caller.Reply<T>> begin(String path, Message request, T answer) {
        return caller.begin(path, request, answer);
    }
}
