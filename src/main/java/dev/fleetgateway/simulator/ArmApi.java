package dev.fleetgateway.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.List;
import java.util.stream.DoubleStream;
import viam.common.v1.Get3DModelsRequest;
import viam.common.v1.Get3DModelsResponse;
import viam.common.v1.GetKinematicsRequest;
import viam.common.v1.GetKinematicsResponse;
import viam.common.v1.KinematicsFileFormat;
import viam.component.arm.v1.GetEndPositionRequest;
import viam.component.arm.v1.GetEndPositionResponse;
import viam.component.arm.v1.GetJointPositionsRequest;
import viam.component.arm.v1.GetJointPositionsResponse;
import viam.component.arm.v1.IsMovingRequest;
import viam.component.arm.v1.IsMovingResponse;
import viam.component.arm.v1.JointPositions;
import viam.component.arm.v1.MoveThroughJointPositionsRequest;
import viam.component.arm.v1.MoveThroughJointPositionsResponse;
import viam.component.arm.v1.MoveToJointPositionsRequest;
import viam.component.arm.v1.MoveToJointPositionsResponse;
import viam.component.arm.v1.MoveToPositionRequest;
import viam.component.arm.v1.MoveToPositionResponse;
import viam.component.arm.v1.StopRequest;
import viam.component.arm.v1.StopResponse;

/** The arm API, said in terms of {@link Arm}. Its streamed motion is not implemented. */
final class ArmApi {

    private static final ByteString KINEMATICS = ByteString.copyFromUtf8(
            "{\"name\":\"simulated\",\"kinematic_param_type\":\"SVA\",\"links\":[],\"joints\":[]}");

    private ArmApi() {}

    static Api<Arm> api() {
        return Api.shaped(Api.of(
                        "rdk:component:arm",
                        MoveToPositionRequest.getDescriptor().getFile(),
                        "ArmService",
                        Arm.class))
                .answer(
                        GetEndPositionRequest.getDefaultInstance(),
                        "GetEndPosition",
                        (arm, _) -> GetEndPositionResponse.newBuilder()
                                .setPose(arm.hand())
                                .build())
                .answer(
                        GetJointPositionsRequest.getDefaultInstance(),
                        "GetJointPositions",
                        (arm, _) -> GetJointPositionsResponse.newBuilder()
                                .setPositions(JointPositions.newBuilder()
                                        .addAllValues(DoubleStream.of(arm.joints())
                                                .boxed()
                                                .toList()))
                                .build())
                .run(
                        MoveToPositionRequest.getDefaultInstance(),
                        "MoveToPosition",
                        (arm, request, call) ->
                                arm.move(request.getTo(), endOf(call, MoveToPositionResponse.getDefaultInstance())))
                .run(
                        MoveToJointPositionsRequest.getDefaultInstance(),
                        "MoveToJointPositions",
                        (arm, request, call) -> arm.move(
                                List.of(request.getPositions().getValuesList()),
                                Arm.DEGREES_PER_SECOND,
                                endOf(call, MoveToJointPositionsResponse.getDefaultInstance())))
                .run(
                        MoveThroughJointPositionsRequest.getDefaultInstance(),
                        "MoveThroughJointPositions",
                        (arm, request, call) -> arm.move(
                                request.getPositionsList().stream()
                                        .map(JointPositions::getValuesList)
                                        .toList(),
                                speed(request),
                                endOf(call, MoveThroughJointPositionsResponse.getDefaultInstance())))
                .stop(StopRequest.getDefaultInstance(), StopResponse.getDefaultInstance())
                .answer(
                        IsMovingRequest.getDefaultInstance(),
                        "IsMoving",
                        (arm, _) -> IsMovingResponse.newBuilder()
                                .setIsMoving(arm.isMoving())
                                .build())
                .answer(
                        GetKinematicsRequest.getDefaultInstance(),
                        "GetKinematics",
                        (_, _) -> GetKinematicsResponse.newBuilder()
                                .setFormat(KinematicsFileFormat.KINEMATICS_FILE_FORMAT_SVA)
                                .setKinematicsData(KINEMATICS)
                                .build())
                .answer(
                        Get3DModelsRequest.getDefaultInstance(),
                        "Get3DModels",
                        (_, _) -> Get3DModelsResponse.getDefaultInstance());
    }

    /** A cancelled call is answered at once; the arm goes on. */
    private static Runnable endOf(Call call, Message answer) {
        Runnable end = () -> call.answer(answer);
        call.operation().whenCancelled(end);
        return end;
    }

    private static double speed(MoveThroughJointPositionsRequest request) {
        double wanted = request.getOptions().getMaxVelDegsPerSec();
        return wanted > 0 ? wanted : Arm.DEGREES_PER_SECOND;
    }
}
