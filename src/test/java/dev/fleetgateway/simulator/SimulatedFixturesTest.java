package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import viam.component.button.v1.PushRequest;
import viam.component.button.v1.PushResponse;
import viam.component.gantry.v1.GetPositionRequest;
import viam.component.gantry.v1.GetPositionResponse;
import viam.component.gantry.v1.IsMovingRequest;
import viam.component.gantry.v1.IsMovingResponse;
import viam.component.gantry.v1.MoveToPositionRequest;
import viam.component.gantry.v1.MoveToPositionResponse;
import viam.component.gripper.v1.GetCurrentInputsRequest;
import viam.component.gripper.v1.GetCurrentInputsResponse;
import viam.component.gripper.v1.GoToInputsRequest;
import viam.component.gripper.v1.GoToInputsResponse;
import viam.component.gripper.v1.GrabRequest;
import viam.component.gripper.v1.GrabResponse;
import viam.component.gripper.v1.OpenRequest;
import viam.component.gripper.v1.OpenResponse;
import viam.component.servo.v1.MoveRequest;
import viam.component.servo.v1.MoveResponse;
import viam.component.servo.v1.StopRequest;
import viam.component.servo.v1.StopResponse;
import viam.component.switches.v1.SetPositionRequest;
import viam.component.switches.v1.SetPositionResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;

class SimulatedFixturesTest {

    private static final String GANTRY = "viam.component.gantry.v1.GantryService/";
    private static final String GRIPPER = "viam.component.gripper.v1.GripperService/";
    private static final String SERVO = "viam.component.servo.v1.ServoService/";
    private static final String SWITCH = "viam.component.switch.v1.SwitchService/";

    private final FakeTime time = new FakeTime();
    private final SimulatedFleet fleet =
            SimulatedFleet.start(time, MachineSpec.named("rover").withResources(ResourceSpec.oneOfEveryKind()));
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final Caller caller = Caller.of(machine);

    @AfterEach
    void close() {
        caller.close();
        fleet.close();
    }

    @Test
    void allMonitoredMethodsOfARealMachineAreThereAndNoOthers() {
        Set<String> monitored = new TreeSet<>();
        for (Api<?> api : List.of(
                ArmApi.api(),
                BaseApi.api(),
                FixtureApis.button(),
                FixtureApis.gantry(),
                FixtureApis.gripper(),
                MotorApi.api(),
                FixtureApis.servo(),
                FixtureApis.selector(),
                BoardApi.api(),
                NavigationApi.api(),
                MotionApi.api(),
                RobotApi.api())) {
            monitored.addAll(api.methods().stream()
                    .filter(Method::monitored)
                    .map(method -> api.name().replace("rdk:component:", "") + ' ' + method.shortName())
                    .collect(Collectors.toSet()));
        }
        assertThat(monitored)
                .containsExactlyInAnyOrder(
                        "arm MoveToPosition",
                        "arm MoveToJointPositions",
                        "arm MoveThroughJointPositions",
                        "arm MoveThroughJointPositionsStreamed",
                        "base MoveStraight",
                        "base Spin",
                        "base SetPower",
                        "base SetVelocity",
                        "button Push",
                        "gantry MoveToPosition",
                        "gripper Open",
                        "gripper Grab",
                        "gripper GoToInputs",
                        "motor SetPower",
                        "motor GoFor",
                        "motor GoTo",
                        "motor SetRPM",
                        "servo Move",
                        "switch SetPosition");
    }

    @Test
    void monitoredCallsToThemAllAreProtectedBySessions() {
        String sid = call(
                        "viam.robot.v1.RobotService/StartSession",
                        StartSessionRequest.getDefaultInstance(),
                        StartSessionResponse.getDefaultInstance())
                .getId();
        caller.with(Sessions.SID, sid);
        moveGantry(30);
        call(GRIPPER + "Open", OpenRequest.newBuilder().setName("gripper1").build(), OpenResponse.getDefaultInstance());
        call(
                SERVO + "Move",
                MoveRequest.newBuilder().setName("servo1").setAngleDeg(45).build(),
                MoveResponse.getDefaultInstance());
        call(
                "viam.component.button.v1.ButtonService/Push",
                PushRequest.newBuilder().setName("button1").build(),
                PushResponse.getDefaultInstance());
        call(
                SWITCH + "SetPosition",
                SetPositionRequest.newBuilder()
                        .setName("switch1")
                        .setPosition(1)
                        .build(),
                SetPositionResponse.getDefaultInstance());
        for (String resource : List.of("gantry1", "gripper1", "servo1", "button1", "switch1")) {
            assertThat(machine.protector(resource)).as(resource).contains(sid);
        }
        time.advance(Duration.ofSeconds(2));
        assertThat(machine.protector("gantry1")).isEmpty();
    }

    @Test
    void aGantryStandsWhereItIsSentAndNeverMoves() {
        moveGantry(30);
        assertThat(call(
                                GANTRY + "GetPosition",
                                GetPositionRequest.newBuilder()
                                        .setName("gantry1")
                                        .build(),
                                GetPositionResponse.getDefaultInstance())
                        .getPositionsMmList())
                .containsExactly(30d);
        assertThat(call(
                                GANTRY + "IsMoving",
                                IsMovingRequest.newBuilder().setName("gantry1").build(),
                                IsMovingResponse.getDefaultInstance())
                        .getIsMoving())
                .isFalse();
        var tooFar = caller.call(
                GANTRY + "MoveToPosition",
                MoveToPositionRequest.newBuilder()
                        .setName("gantry1")
                        .addPositionsMm(150)
                        .build(),
                MoveToPositionResponse.getDefaultInstance());
        assertThat(tooFar.text()).contains("out of range");
    }

    @Test
    void aGripperOpensGrabsAndGoesToInputs() {
        call(
                GRIPPER + "GoToInputs",
                GoToInputsRequest.newBuilder()
                        .setName("gripper1")
                        .addValues(0.5)
                        .build(),
                GoToInputsResponse.getDefaultInstance());
        assertThat(inputs()).containsExactly(0.5);
        call(GRIPPER + "Grab", GrabRequest.newBuilder().setName("gripper1").build(), GrabResponse.getDefaultInstance());
        assertThat(inputs()).containsExactly(0d);
    }

    @Test
    void aSwitchRefusesAPositionItDoesNotHave() {
        var reply = caller.call(
                SWITCH + "SetPosition",
                SetPositionRequest.newBuilder()
                        .setName("switch1")
                        .setPosition(2)
                        .build(),
                SetPositionResponse.getDefaultInstance());
        assertThat(reply.text())
                .isEqualTo("switch component rdk:component:switch/switch1 position 2 is invalid (valid range: 0-1)");
    }

    @Test
    void aServoThatHangsInStopIsNotAnswered() {
        machine.hangInStop("servo1");
        var stopping = caller.begin(
                SERVO + "Stop", StopRequest.newBuilder().setName("servo1").build(), StopResponse.getDefaultInstance());
        moveGantry(10);
        assertThat(stopping).isNotDone();
        machine.mend();
        stopping.join().only();
    }

    private void moveGantry(double place) {
        call(
                GANTRY + "MoveToPosition",
                MoveToPositionRequest.newBuilder()
                        .setName("gantry1")
                        .addPositionsMm(place)
                        .build(),
                MoveToPositionResponse.getDefaultInstance());
    }

    private List<Double> inputs() {
        return call(
                        GRIPPER + "GetCurrentInputs",
                        GetCurrentInputsRequest.newBuilder().setName("gripper1").build(),
                        GetCurrentInputsResponse.getDefaultInstance())
                .getValuesList();
    }

    private <T extends Message> T call(String path, Message request, T answer) {
        return caller.call(path, request, answer).only();
    }
}
