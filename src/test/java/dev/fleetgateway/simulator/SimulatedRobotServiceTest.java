package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import dev.fleetgateway.time.FakeTime;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import viam.common.v1.DoCommandRequest;
import viam.common.v1.DoCommandResponse;
import viam.common.v1.GetReadingsRequest;
import viam.common.v1.GetReadingsResponse;
import viam.common.v1.ResourceName;
import viam.component.board.v1.StreamTicksRequest;
import viam.component.board.v1.StreamTicksResponse;
import viam.component.camera.v1.GetImagesRequest;
import viam.component.camera.v1.GetImagesResponse;
import viam.component.motor.v1.GoForRequest;
import viam.component.motor.v1.GoForResponse;
import viam.component.motor.v1.IsMovingRequest;
import viam.component.motor.v1.IsMovingResponse;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.robot.v1.BlockForOperationRequest;
import viam.robot.v1.BlockForOperationResponse;
import viam.robot.v1.GetCloudMetadataRequest;
import viam.robot.v1.GetCloudMetadataResponse;
import viam.robot.v1.GetMachineStatusRequest;
import viam.robot.v1.GetMachineStatusResponse;
import viam.robot.v1.GetOperationsRequest;
import viam.robot.v1.GetOperationsResponse;
import viam.robot.v1.ResourceNamesRequest;
import viam.robot.v1.ResourceNamesResponse;
import viam.robot.v1.ResourceRPCSubtypesRequest;
import viam.robot.v1.ResourceRPCSubtypesResponse;
import viam.robot.v1.ResourceStatus;
import viam.robot.v1.StopAllRequest;
import viam.robot.v1.StopAllResponse;

class SimulatedRobotServiceTest {

    private static final String ROBOT = "viam.robot.v1.RobotService/";
    private static final String MOTOR = "viam.component.motor.v1.MotorService/";
    private static final String OPID = "0f0f0f0f-1111-4222-8333-444444444444";

    private final FakeTime time = new FakeTime();
    private final SimulatedFleet fleet = SimulatedFleet.start(
            time,
            MachineSpec.named("rover"),
            MachineSpec.named("cloudy").inCloud(),
            MachineSpec.named("broken")
                    .withResources(List.of(
                            ResourceSpec.of("rdk:component:motor", "m1"),
                            ResourceSpec.of("rdk:component:motor", "m2")
                                    .failing("resource config validation error: no pins"))));
    private final SimulatedMachine machine = fleet.machine("rover").orElseThrow();
    private final Caller caller = Caller.of(machine);

    @AfterEach
    void close() {
        caller.close();
        fleet.close();
    }

    @Test
    void namesWhatThereIsAndTheServicesThatSpeakToIt() {
        ResourceNamesResponse names = caller.call(
                        ROBOT + "ResourceNames",
                        ResourceNamesRequest.getDefaultInstance(),
                        ResourceNamesResponse.getDefaultInstance())
                .only();
        assertThat(names.getResourcesList())
                .extracting(ResourceName::getName)
                .contains("m1", "base1", "arm1", "builtin");
        var services = caller.call(
                        ROBOT + "ResourceRPCSubtypes",
                        ResourceRPCSubtypesRequest.getDefaultInstance(),
                        ResourceRPCSubtypesResponse.getDefaultInstance())
                .only();
        assertThat(services.getResourceRpcSubtypesList()).hasSize(10).anySatisfy(one -> {
            assertThat(one.getSubtype().getSubtype()).isEqualTo("movement_sensor");
            assertThat(one.getProtoService()).isEqualTo("viam.component.movementsensor.v1.MovementSensorService");
        });
    }

    @Test
    void theStatusListsTheInternalServicesTooAndTheConfigurationStandsStillWithoutACloud() {
        GetMachineStatusResponse status = status(caller);
        assertThat(status.getState()).isEqualTo(GetMachineStatusResponse.State.STATE_RUNNING);
        assertThat(status.getResourcesList())
                .hasSize(15)
                .allSatisfy(one -> {
                    assertThat(one.getState()).isEqualTo(ResourceStatus.State.STATE_READY);
                    assertThat(one.hasCloudMetadata()).isTrue();
                })
                .filteredOn(one -> one.getName().getNamespace().equals("rdk-internal"))
                .hasSize(4);
        time.advance(Duration.ofMinutes(5));
        assertThat(status(caller).getConfig()).isEqualTo(status.getConfig());
    }

    @Test
    void theConfigurationOfAManagedMachineMovesEveryTenSecondsWhileItReachesItsCloud() {
        SimulatedMachine cloudy = fleet.machine("cloudy").orElseThrow();
        try (Caller other = Caller.of(cloudy)) {
            long start = updated(other);
            time.advance(Duration.ofSeconds(9));
            assertThat(updated(other)).isEqualTo(start);
            time.advance(Duration.ofSeconds(16));
            assertThat(updated(other)).isEqualTo(start + 20);
            cloudy.loseInternet();
            time.advance(Duration.ofMinutes(2));
            assertThat(updated(other)).isEqualTo(start + 20);
            cloudy.mend();
            time.advance(Duration.ofSeconds(3));
            assertThat(updated(other)).isEqualTo(start + 20);
            time.advance(Duration.ofSeconds(1));
            assertThat(updated(other)).isEqualTo(start + 149);
        }
    }

    @Test
    void onlyAManagedMachineKnowsItsCloud() {
        var reply = caller.call(
                ROBOT + "GetCloudMetadata",
                GetCloudMetadataRequest.getDefaultInstance(),
                GetCloudMetadataResponse.getDefaultInstance());
        assertThat(reply.code()).isEqualTo(Code.UNKNOWN);
        assertThat(reply.text()).isEqualTo("cloud metadata not available");
        SimulatedMachine cloudy = fleet.machine("cloudy").orElseThrow();
        try (Caller other = Caller.of(cloudy)) {
            assertThat(other.call(
                                    ROBOT + "GetCloudMetadata",
                                    GetCloudMetadataRequest.getDefaultInstance(),
                                    GetCloudMetadataResponse.getDefaultInstance())
                            .only()
                            .getMachinePartId())
                    .isEqualTo(cloudy.partId().orElseThrow());
        }
    }

    @Test
    void anUnknownNameIsRefusedInTheExactWordsAndStillTellsItsOperation() {
        caller.with(Operations.OPID, OPID);
        var reply = isMoving("M1");
        assertThat(reply.code()).isEqualTo(Code.UNKNOWN);
        assertThat(reply.text()).isEqualTo("no node found with api rdk:component:motor and name M1");
        assertThat(reply.opid()).isEqualTo(OPID);
    }

    @Test
    void aBrokenResourceSaysWhyAndIsNotNamed() {
        try (Caller other = Caller.of(fleet.machine("broken").orElseThrow())) {
            var reply = other.call(
                    MOTOR + "IsMoving",
                    IsMovingRequest.newBuilder().setName("m2").build(),
                    IsMovingResponse.getDefaultInstance());
            assertThat(reply.text())
                    .isEqualTo("resource rdk:component:motor/m2 not available; reason=resource config validation error:"
                            + " no pins");
            assertThat(other.call(
                                    ROBOT + "ResourceNames",
                                    ResourceNamesRequest.getDefaultInstance(),
                                    ResourceNamesResponse.getDefaultInstance())
                            .only()
                            .getResourcesList())
                    .hasSize(1);
            assertThat(status(other).getResourcesList())
                    .filteredOn(one -> one.getState() == ResourceStatus.State.STATE_UNHEALTHY)
                    .singleElement()
                    .satisfies(one -> assertThat(one.getError()).contains("no pins"));
        }
    }

    @Test
    void unknownMethodsAndServicesAreUnimplementedAndTellAnOperation() {
        for (String path : List.of(MOTOR + "Fly", "viam.component.flyer.v1.FlyerService/Fly")) {
            var reply = caller.call(path, Empty.getDefaultInstance(), Empty.getDefaultInstance());
            assertThat(reply.code()).isEqualTo(Code.UNIMPLEMENTED);
            assertThat(reply.text()).isEqualTo("Unimplemented");
            assertThat(reply.opid()).isNotNull();
        }
    }

    @Test
    void bytesThatAreNoMessageAreSaidToBeSo() {
        Message junk = Empty.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                1,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xfe}))
                                        .build())
                        .build())
                .build();
        var reply = caller.call(MOTOR + "IsMoving", junk, Empty.getDefaultInstance());
        assertThat(reply.code()).isEqualTo(Code.INTERNAL);
        assertThat(reply.text()).startsWith("grpc: error unmarshalling request: ");
        assertThat(reply.opid()).isNull();
    }

    @Test
    void aMessageAboveTheLimitIsRefusedWithItsSize() {
        Struct large = Struct.newBuilder()
                .putFields(
                        "x",
                        Value.newBuilder()
                                .setStringValue("x".repeat(Inbound.MOST_BYTES))
                                .build())
                .build();
        var reply = caller.call(
                "viam.component.generic.v1.GenericService/DoCommand",
                DoCommandRequest.newBuilder().setName("g1").setCommand(large).build(),
                DoCommandResponse.getDefaultInstance());
        assertThat(reply.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(reply.text()).matches("grpc: received message larger than max \\(\\d+ vs\\. 33554432\\)");
    }

    @Test
    void theHundredAndFirstCallOnAResourceIsRefusedAndOtherResourcesAreNot() {
        machine.hang(MOTOR + "IsMoving");
        List<CompletableFuture<?>> held = new ArrayList<>();
        for (int i = 0; i < RequestLimit.MOST; i++) {
            held.add(caller.begin(
                    MOTOR + "IsMoving",
                    IsMovingRequest.newBuilder().setName("m1").build(),
                    IsMovingResponse.getDefaultInstance()));
        }
        await().until(() -> operations().getOperationsCount() == RequestLimit.MOST);
        var refused = caller.call(
                MOTOR + "SetPower",
                SetPowerRequest.newBuilder().setName("m1").setPowerPct(1).build(),
                SetPowerResponse.getDefaultInstance());
        assertThat(refused.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(refused.text())
                .startsWith("exceeded the shared concurrent-request limit of 100 on resource"
                        + " m1.viam.component.motor.v1.MotorService");
        assertThat(refused.opid()).isNull();
        assertThat(setPower("m2", 0).code()).isEqualTo(Code.OK);
        machine.mend();
        assertThat(held).allSatisfy(call -> assertThat(call.join()).isNotNull());
        assertThat(setPower("m1", 0).code()).isEqualTo(Code.OK);
    }

    @Test
    void operationsAreListedAndCanBeWaitedFor() {
        caller.with(Operations.OPID, OPID);
        var moving = goFor();
        caller.without(Operations.OPID);
        assertThat(operations().getOperationsList()).singleElement().satisfies(one -> {
            assertThat(one.getId()).isEqualTo(OPID);
            assertThat(one.getMethod()).isEqualTo("/" + MOTOR + "GoFor");
            assertThat(one.hasArguments()).isTrue();
            assertThat(one.hasSessionId()).isFalse();
        });
        var waiting = caller.begin(
                ROBOT + "BlockForOperation",
                BlockForOperationRequest.newBuilder().setId(OPID).build(),
                BlockForOperationResponse.getDefaultInstance());
        await().until(() -> operations().getOperationsCount() == 2);
        assertThat(waiting).isNotDone();
        time.advance(Duration.ofSeconds(2));
        assertThat(moving.join().code()).isEqualTo(Code.OK);
        assertThat(waiting.join().code()).isEqualTo(Code.OK);
    }

    @Test
    void hangingUpEndsTheOperationAndLeavesThePowerOn() {
        var running = caller.start(
                MOTOR + "GoFor",
                MethodType.UNARY,
                GoForRequest.newBuilder()
                        .setName("m1")
                        .setRpm(60)
                        .setRevolutions(2)
                        .build(),
                GoForResponse.getDefaultInstance());
        await().until(() -> machine.isMoving("m1"));
        running.hangUp();
        await().until(() -> operations().getOperationsCount() == 0);
        assertThat(machine.isMoving("m1")).isTrue();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void stopAllStopsWhateverMovesAndEmptiesTheOperations() {
        var moving = goFor();
        caller.call(ROBOT + "StopAll", StopAllRequest.getDefaultInstance(), StopAllResponse.getDefaultInstance())
                .only();
        assertThat(moving.join().code()).isEqualTo(Code.OK);
        assertThat(machine.isMoving("m1")).isFalse();
        assertThat(operations().getOperationsCount()).isZero();
    }

    @Test
    void sensorCameraAndGenericAnswerAsTheRealFakes() {
        GetReadingsResponse readings = caller.call(
                        "viam.component.sensor.v1.SensorService/GetReadings",
                        GetReadingsRequest.newBuilder().setName("s1").build(),
                        GetReadingsResponse.getDefaultInstance())
                .only();
        assertThat(readings.getReadingsMap()).containsOnlyKeys("a", "b", "c");
        GetImagesResponse images = caller.call(
                        "viam.component.camera.v1.CameraService/GetImages",
                        GetImagesRequest.newBuilder().setName("cam1").build(),
                        GetImagesResponse.getDefaultInstance())
                .only();
        assertThat(images.getImages(0).getMimeType()).isEqualTo("image/jpeg");
        assertThat(images.getImages(0).getImage().size()).isBetween(1_000, 20_000);
        Struct command = Struct.newBuilder()
                .putFields("hello", Value.newBuilder().setStringValue("echo").build())
                .build();
        assertThat(caller.call(
                                "viam.component.generic.v1.GenericService/DoCommand",
                                DoCommandRequest.newBuilder()
                                        .setName("g1")
                                        .setCommand(command)
                                        .build(),
                                DoCommandResponse.getDefaultInstance())
                        .only()
                        .getResult())
                .isEqualTo(command);
    }

    @Test
    void ticksStreamUntilTheCallerHangsUp() {
        var stream = caller.start(
                "viam.component.board.v1.BoardService/StreamTicks",
                MethodType.SERVER_STREAMING,
                StreamTicksRequest.newBuilder()
                        .setName("board1")
                        .addPinNames("i1")
                        .build(),
                StreamTicksResponse.getDefaultInstance());
        await().until(() -> stream.messages().size() == 1);
        time.advance(Duration.ofMillis(1_400));
        await().until(() -> stream.messages().size() == 3);
        assertThat(stream.messages())
                .extracting(StreamTicksResponse::getPinName)
                .containsExactly("", "i1", "i1");
        stream.hangUp();
        await().until(() -> time.pendingTimers().isEmpty());
    }

    private Caller.Reply<IsMovingResponse> isMoving(String motor) {
        return caller.call(
                MOTOR + "IsMoving",
                IsMovingRequest.newBuilder().setName(motor).build(),
                IsMovingResponse.getDefaultInstance());
    }

    private Caller.Reply<SetPowerResponse> setPower(String motor, double power) {
        return caller.call(
                MOTOR + "SetPower",
                SetPowerRequest.newBuilder().setName(motor).setPowerPct(power).build(),
                SetPowerResponse.getDefaultInstance());
    }

    private CompletableFuture<Caller.Reply<GoForResponse>> goFor() {
        var moving = caller.begin(
                MOTOR + "GoFor",
                GoForRequest.newBuilder()
                        .setName("m1")
                        .setRpm(60)
                        .setRevolutions(2)
                        .build(),
                GoForResponse.getDefaultInstance());
        await().until(() -> machine.isMoving("m1"));
        return moving;
    }

    private GetOperationsResponse operations() {
        return caller.call(
                        ROBOT + "GetOperations",
                        GetOperationsRequest.getDefaultInstance(),
                        GetOperationsResponse.getDefaultInstance())
                .only();
    }

    private static GetMachineStatusResponse status(Caller caller) {
        return caller.call(
                        ROBOT + "GetMachineStatus",
                        GetMachineStatusRequest.getDefaultInstance(),
                        GetMachineStatusResponse.getDefaultInstance())
                .only();
    }

    private static long updated(Caller caller) {
        return status(caller).getConfig().getLastUpdated().getSeconds();
    }
}
