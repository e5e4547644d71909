package dev.fleetgateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectsTests {

    @ParameterizedTest
    @CsvSource({
        "viam.component.sensor.v1.SensorService, GetReadings, false, READ",
        "viam.component.motor.v1.MotorService, IsMoving, false, READ",
        "viam.component.board.v1.BoardService, ReadAnalogReader, false, READ",
        "viam.component.board.v1.BoardService, PWM, false, READ",
        "viam.component.board.v1.BoardService, PWMFrequency, false, READ",
        "viam.component.board.v1.BoardService, SetPWM, false, ACT",
        "viam.component.board.v1.BoardService, SetGPIO, false, ACT",
        "viam.component.board.v1.BoardService, StreamTicks, false, READ",
        "viam.service.vision.v1.VisionService, CaptureAllFromCamera, false, READ",
        "viam.service.mlmodel.v1.MLModelService, Infer, false, READ",
        "viam.service.mlmodel.v1.MLModelService, Metadata, false, READ",
        "acme.v1.GizmoService, Infer, false, ACT",
        "viam.robot.v1.RobotService, ResourceNames, false, READ",
        "viam.robot.v1.RobotService, TransformPose, false, READ",
        "viam.robot.v1.RobotService, StopAll, false, STOP",
        "viam.component.motor.v1.MotorService, Stop, false, STOP",
        "viam.service.motion.v1.MotionService, StopPlan, false, STOP",
        "viam.service.motion.v1.MotionService, Move, false, ACT",
        "viam.component.gantry.v1.GantryService, Home, false, ACT",
        "viam.component.inputcontroller.v1.InputControllerService, TriggerEvent, false, ACT",
        "viam.component.motor.v1.MotorService, DoCommand, false, ACT",
        "viam.component.motor.v1.MotorService, SetPower, true, ACT",
        "acme.v1.GizmoService, GetAndPush, true, ACT",
        "acme.v1.GizmoService, ReadyGripper, false, ACT",
        "acme.v1.GizmoService, IsolateValve, false, ACT",
        "acme.v1.GizmoService, Get, false, READ",
    })
    void aMethodsEffectIsReadFromItsName(String service, String method, boolean monitored, Effect effect) {
        assertThat(Effects.of(service, method, monitored, Set.of())).isEqualTo(effect);
    }

    @Property
    void whatIsMonitoredNeverCountsAsLooking(@ForAll @AlphaChars @StringLength(min = 1, max = 30) String method) {
        assertThat(Effects.of("acme.v1.GizmoService", "GetX" + method, true, Set.of()))
                .isEqualTo(Effect.ACT);
    }

    @Test
    void theSettingsCanNameFurtherReads() {
        assertThat(Effects.of("acme.v1.GizmoService", "Peek", false, Set.of("acme.v1.GizmoService/Peek")))
                .isEqualTo(Effect.READ);
    }

    @Test
    void theOptionAndTheHttpRuleAreReadFromTheDescriptors() {
        assertThat(Apis.motor("SetPower").monitored()).isTrue();
        assertThat(Apis.motor("SetPower").sticky()).isTrue();
        assertThat(Apis.motor("GoFor").sticky()).isFalse();
        assertThat(Apis.motor("IsMoving").viaGet()).isTrue();
        assertThat(Apis.motor("SetPower").viaGet()).isFalse();
    }
}
