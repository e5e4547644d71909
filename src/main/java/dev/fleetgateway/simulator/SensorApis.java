package dev.fleetgateway.simulator;

import viam.common.v1.GetReadingsRequest;
import viam.common.v1.ResponseMetadata;
import viam.component.camera.v1.GetImagesRequest;
import viam.component.camera.v1.GetImagesResponse;
import viam.component.camera.v1.GetPointCloudRequest;
import viam.component.camera.v1.GetPointCloudResponse;
import viam.component.camera.v1.Image;
import viam.component.movementsensor.v1.GetAccuracyRequest;
import viam.component.movementsensor.v1.GetAccuracyResponse;
import viam.component.movementsensor.v1.GetAngularVelocityRequest;
import viam.component.movementsensor.v1.GetAngularVelocityResponse;
import viam.component.movementsensor.v1.GetCompassHeadingRequest;
import viam.component.movementsensor.v1.GetCompassHeadingResponse;
import viam.component.movementsensor.v1.GetLinearAccelerationRequest;
import viam.component.movementsensor.v1.GetLinearAccelerationResponse;
import viam.component.movementsensor.v1.GetLinearVelocityRequest;
import viam.component.movementsensor.v1.GetLinearVelocityResponse;
import viam.component.movementsensor.v1.GetOrientationRequest;
import viam.component.movementsensor.v1.GetOrientationResponse;
import viam.component.movementsensor.v1.GetPositionRequest;
import viam.component.movementsensor.v1.GetPositionResponse;

/** The APIs of what only looks and measures: the same readings on every machine. */
final class SensorApis {

    private SensorApis() {}

    static Api<Plain> sensor() {
        return Api.of(
                        "rdk:component:sensor",
                        viam.component.sensor.v1.Sensor.getDescriptor(),
                        "SensorService",
                        Plain.class)
                .answer(GetReadingsRequest.getDefaultInstance(), "GetReadings", (_, _) -> Readings.SENSOR);
    }

    static Api<Plain> movementSensor() {
        return Api.of(
                        "rdk:component:movement_sensor",
                        GetPositionRequest.getDescriptor().getFile(),
                        "MovementSensorService",
                        Plain.class)
                .answer(
                        GetPositionRequest.getDefaultInstance(),
                        "GetPosition",
                        (_, _) -> GetPositionResponse.newBuilder()
                                .setCoordinate(Readings.PLACE)
                                .setAltitudeM(Readings.ALTITUDE)
                                .build())
                .answer(
                        GetLinearVelocityRequest.getDefaultInstance(),
                        "GetLinearVelocity",
                        (_, _) -> GetLinearVelocityResponse.newBuilder()
                                .setLinearVelocity(Readings.VELOCITY)
                                .build())
                .answer(
                        GetAngularVelocityRequest.getDefaultInstance(),
                        "GetAngularVelocity",
                        (_, _) -> GetAngularVelocityResponse.newBuilder()
                                .setAngularVelocity(Readings.ROTATION)
                                .build())
                .answer(
                        GetLinearAccelerationRequest.getDefaultInstance(),
                        "GetLinearAcceleration",
                        (_, _) -> GetLinearAccelerationResponse.newBuilder()
                                .setLinearAcceleration(Readings.ACCELERATION)
                                .build())
                .answer(
                        GetCompassHeadingRequest.getDefaultInstance(),
                        "GetCompassHeading",
                        (_, _) -> GetCompassHeadingResponse.newBuilder()
                                .setValue(Readings.HEADING)
                                .build())
                .answer(
                        GetOrientationRequest.getDefaultInstance(),
                        "GetOrientation",
                        (_, _) -> GetOrientationResponse.newBuilder()
                                .setOrientation(Readings.UPRIGHT)
                                .build())
                .answer(
                        GetAccuracyRequest.getDefaultInstance(),
                        "GetAccuracy",
                        (_, _) -> GetAccuracyResponse.newBuilder()
                                .setPositionHdop(Float.NaN)
                                .setPositionVdop(Float.NaN)
                                .setPositionNmeaGgaFix(4)
                                .setCompassDegreesError(Float.NaN)
                                .build())
                .answer(
                        viam.component.movementsensor.v1.GetPropertiesRequest.getDefaultInstance(),
                        "GetProperties",
                        (_, _) -> viam.component.movementsensor.v1.GetPropertiesResponse.newBuilder()
                                .setLinearVelocitySupported(true)
                                .setAngularVelocitySupported(true)
                                .setOrientationSupported(true)
                                .setPositionSupported(true)
                                .setCompassHeadingSupported(true)
                                .setLinearAccelerationSupported(true)
                                .build())
                .answer(GetReadingsRequest.getDefaultInstance(), "GetReadings", (_, _) -> Readings.MOVEMENT);
    }

    static Api<Camera> camera() {
        return Api.shaped(Api.of(
                        "rdk:component:camera",
                        GetImagesRequest.getDescriptor().getFile(),
                        "CameraService",
                        Camera.class))
                .answer(
                        GetImagesRequest.getDefaultInstance(),
                        "GetImages",
                        (camera, _) -> GetImagesResponse.newBuilder()
                                .setResponseMetadata(
                                        ResponseMetadata.newBuilder().setCapturedAt(camera.now()))
                                .addImages(Image.newBuilder()
                                        .setImage(Pictures.jpeg())
                                        .setMimeType("image/jpeg"))
                                .build())
                .answer(
                        GetPointCloudRequest.getDefaultInstance(),
                        "GetPointCloud",
                        (_, _) -> GetPointCloudResponse.newBuilder()
                                .setMimeType("pointcloud/pcd")
                                .setPointCloud(Pictures.pointCloud())
                                .build())
                .answer(
                        viam.component.camera.v1.GetPropertiesRequest.getDefaultInstance(),
                        "GetProperties",
                        (_, _) -> viam.component.camera.v1.GetPropertiesResponse.newBuilder()
                                .setSupportsPcd(true)
                                .build());
    }

    static Api<Encoder> encoder() {
        return Api.of(
                        "rdk:component:encoder",
                        viam.component.encoder.v1.GetPositionRequest.getDescriptor()
                                .getFile(),
                        "EncoderService",
                        Encoder.class)
                .answer(
                        viam.component.encoder.v1.GetPositionRequest.getDefaultInstance(),
                        "GetPosition",
                        (encoder, _) -> viam.component.encoder.v1.GetPositionResponse.newBuilder()
                                .setValue((float) encoder.ticks())
                                .setPositionType(viam.component.encoder.v1.PositionType.POSITION_TYPE_TICKS_COUNT)
                                .build())
                .answer(
                        viam.component.encoder.v1.ResetPositionRequest.getDefaultInstance(),
                        "ResetPosition",
                        (encoder, _) -> {
                            encoder.reset();
                            return viam.component.encoder.v1.ResetPositionResponse.getDefaultInstance();
                        })
                .answer(
                        viam.component.encoder.v1.GetPropertiesRequest.getDefaultInstance(),
                        "GetProperties",
                        (_, _) -> viam.component.encoder.v1.GetPropertiesResponse.newBuilder()
                                .setTicksCountSupported(true)
                                .build());
    }
}
