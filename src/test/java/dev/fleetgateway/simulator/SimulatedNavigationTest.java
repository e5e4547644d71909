package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import viam.component.base.v1.StopRequest;
import viam.component.base.v1.StopResponse;
import viam.robot.v1.StopAllRequest;
import viam.robot.v1.StopAllResponse;
import viam.service.navigation.v1.AddWaypointRequest;
import viam.service.navigation.v1.AddWaypointResponse;
import viam.service.navigation.v1.GetModeRequest;
import viam.service.navigation.v1.GetModeResponse;
import viam.service.navigation.v1.GetWaypointsRequest;
import viam.service.navigation.v1.GetWaypointsResponse;
import viam.service.navigation.v1.Mode;
import viam.service.navigation.v1.RemoveWaypointRequest;
import viam.service.navigation.v1.RemoveWaypointResponse;
import viam.service.navigation.v1.SetModeRequest;
import viam.service.navigation.v1.SetModeResponse;

class SimulatedNavigationTest {

    private static final String NAVIGATION = "viam.service.navigation.v1.NavigationService/";
    private static final String STOP = "viam.component.base.v1.BaseService/Stop";
    private static final Duration SOON = Duration.ofMillis(500);

    private final FakeTime time = new FakeTime();
    private final SimulatedFleet fleet =
            SimulatedFleet.start(time, MachineSpec.named("rover").withResources(resources()));
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final Caller caller = Caller.of(machine);

    private static List<ResourceSpec> resources() {
        List<ResourceSpec> resources = new ArrayList<>(ResourceSpec.oneOfEach());
        resources.add(ResourceSpec.navigation("nav1", "base1"));
        return resources;
    }

    @AfterEach
    void close() {
        caller.close();
        fleet.close();
    }

    @Test
    void itStandsInManualModeAndDrivesInTheOthers() {
        assertThat(mode()).isEqualTo(Mode.MODE_MANUAL);
        for (Mode moving : List.of(Mode.MODE_WAYPOINT, Mode.MODE_EXPLORE)) {
            setMode(moving);
            assertThat(mode()).isEqualTo(moving);
            assertThat(machine.isMoving("base1")).isTrue();
            setMode(Mode.MODE_MANUAL);
            assertThat(machine.isMoving("base1")).isFalse();
            assertThat(time.pendingTimers()).isEmpty();
        }
    }

    @Test
    void whoeverStopsOnlyTheBaseSeesItMoveAgain() {
        setMode(Mode.MODE_WAYPOINT);
        call(STOP, StopRequest.newBuilder().setName("base1").build(), StopResponse.getDefaultInstance());
        assertThat(machine.isMoving("base1")).isFalse();
        time.advance(SOON);
        assertThat(machine.isMoving("base1")).isTrue();
        call(
                "viam.robot.v1.RobotService/StopAll",
                StopAllRequest.getDefaultInstance(),
                StopAllResponse.getDefaultInstance());
        assertThat(machine.isMoving("base1")).isFalse();
        time.advance(SOON);
        assertThat(machine.isMoving("base1")).isTrue();
        setMode(Mode.MODE_MANUAL);
        time.advance(SOON);
        assertThat(machine.isMoving("base1")).isFalse();
    }

    @Test
    void itNeedsNeitherACallNorASession() {
        setMode(Mode.MODE_EXPLORE);
        caller.close();
        time.advance(Duration.ofMinutes(1));
        assertThat(machine.isMoving("base1")).isTrue();
    }

    @Test
    void manualLeavesAloneWhatSomebodyElseDrives() {
        call(
                "viam.component.motor.v1.MotorService/SetPower",
                viam.component.motor.v1.SetPowerRequest.newBuilder()
                        .setName("m1")
                        .setPowerPct(1)
                        .build(),
                viam.component.motor.v1.SetPowerResponse.getDefaultInstance());
        setMode(Mode.MODE_MANUAL);
        assertThat(machine.isMoving("m1")).isTrue();
    }

    @Test
    void aRestartForgetsTheMode() {
        setMode(Mode.MODE_WAYPOINT);
        machine.restart();
        assertThat(machine.isMoving("base1")).isFalse();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void aModeThatIsNoneIsRefused() {
        var reply = caller.call(
                NAVIGATION + "SetMode",
                SetModeRequest.newBuilder().setName("nav1").build(),
                SetModeResponse.getDefaultInstance());
        assertThat(reply.code()).isEqualTo(Code.UNKNOWN);
        assertThat(reply.text()).isEqualTo("unknown mode \"MODE_UNSPECIFIED\"");
    }

    @Test
    void waypointsAreKeptUntilTheyAreRemoved() {
        call(
                NAVIGATION + "AddWaypoint",
                AddWaypointRequest.newBuilder()
                        .setName("nav1")
                        .setLocation(Readings.PLACE)
                        .build(),
                AddWaypointResponse.getDefaultInstance());
        assertThat(waypoints().getWaypointsList()).singleElement().satisfies(one -> {
            assertThat(one.getLocation()).isEqualTo(Readings.PLACE);
            call(
                    NAVIGATION + "RemoveWaypoint",
                    RemoveWaypointRequest.newBuilder()
                            .setName("nav1")
                            .setId(one.getId())
                            .build(),
                    RemoveWaypointResponse.getDefaultInstance());
        });
        assertThat(waypoints().getWaypointsList()).isEmpty();
    }

    private GetWaypointsResponse waypoints() {
        return call(
                NAVIGATION + "GetWaypoints",
                GetWaypointsRequest.newBuilder().setName("nav1").build(),
                GetWaypointsResponse.getDefaultInstance());
    }

    private void setMode(Mode mode) {
        call(
                NAVIGATION + "SetMode",
                SetModeRequest.newBuilder().setName("nav1").setMode(mode).build(),
                SetModeResponse.getDefaultInstance());
    }

    private Mode mode() {
        return call(
                        NAVIGATION + "GetMode",
                        GetModeRequest.newBuilder().setName("nav1").build(),
                        GetModeResponse.getDefaultInstance())
                .getMode();
    }

    private <T extends Message> T call(String path, Message request, T answer) {
        return caller.call(path, request, answer).only();
    }
}
