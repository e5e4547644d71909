package dev.fleetgateway.simulator;

import com.google.protobuf.Value;
import viam.common.v1.GeoPoint;
import viam.common.v1.GetReadingsRequest;
import viam.common.v1.GetReadingsResponse;
import viam.common.v1.Orientation;
import viam.common.v1.Vector3;
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

/** The APIs of what only looks and measures: the same readings on every machine, those of the real fakes. */
final class SensorApis {

    private static final double LATITUDE = 40.7;
    private static final double LONGITUDE = -73.98;
    private static final float ALTITUDE = 50.5f;
    private static final double HEADING = 25;
    private static final Vector3 VELOCITY = vector(0, 5.4, 0);
    private static final Vector3 ACCELERATION = vector(2.2, 4.5, 2);
    private static final Vector3 ROTATION = vector(0, 0, 1);
    private static final Orientation UPRIGHT = Orientation.newBuilder().setOZ(1).build();

    private SensorApis() {}

    static Api<Plain> sensor() {
        GetReadingsResponse readings = GetReadingsResponse.newBuilder()
                .putReadings("a", number(1))
                .putReadings("b", number(2))
                .putReadings("c", number(3))
                .build();
        return Api.of(
                        "rdk:component:sensor",
                        viam.component.sensor.v1.Sensor.getDescriptor(),
                        "SensorService",
                        Plain.class)
                .answer(GetReadingsRequest.getDefaultInstance(), "GetReadings", (_, _) -> readings);
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
                                .setCoordinate(GeoPoint.newBuilder()
                                        .setLatitude(LATITUDE)
                                        .setLongitude(LONGITUDE))
                                .setAltitudeM(ALTITUDE)
                                .build())
                .answer(
                        GetLinearVelocityRequest.getDefaultInstance(),
                        "GetLinearVelocity",
                        (_, _) -> GetLinearVelocityResponse.newBuilder()
                                .setLinearVelocity(VELOCITY)
                                .build())
                .answer(
                        GetAngularVelocityRequest.getDefaultInstance(),
                        "GetAngularVelocity",
                        (_, _) -> GetAngularVelocityResponse.newBuilder()
                                .setAngularVelocity(ROTATION)
                                .build())
                .answer(
                        GetLinearAccelerationRequest.getDefaultInstance(),
                        "GetLinearAcceleration",
                        (_, _) -> GetLinearAccelerationResponse.newBuilder()
                                .setLinearAcceleration(ACCELERATION)
                                .build())
                .answer(
                        GetCompassHeadingRequest.getDefaultInstance(),
                        "GetCompassHeading",
                        (_, _) -> GetCompassHeadingResponse.newBuilder()
                                .setValue(HEADING)
                                .build())
                .answer(
                        GetOrientationRequest.getDefaultInstance(),
                        "GetOrientation",
                        (_, _) -> GetOrientationResponse.newBuilder()
                                .setOrientation(UPRIGHT)
                                .build())
                .answer(
                        GetAccuracyRequest.getDefaultInstance(),
                        "GetAccuracy",
                        (_, _) -> GetAccuracyResponse.newBuilder()
                                .setPositionNmeaGgaFix(4)
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
                .answer(
                        GetReadingsRequest.getDefaultInstance(),
                        "GetReadings",
                        (_, _) -> GetReadingsResponse.newBuilder()
                                .putReadings("compass", number(HEADING))
                                .putReadings("altitude", number(ALTITUDE))
                                .build());
    }

    static Api<Plain> camera() {
        return Api.of("rdk:component:camera", GetImagesRequest.getDescriptor().getFile(), "CameraService", Plain.class)
                .answer(
                        GetImagesRequest.getDefaultInstance(),
                        "GetImages",
                        (_, _) -> GetImagesResponse.newBuilder()
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
                                .addMimeTypes("image/jpeg")
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

    private static Value number(double value) {
        return Value.newBuilder().setNumberValue(value).build();
    }

    private static Vector3 vector(double x, double y, double z) {
        return Vector3.newBuilder().setX(x).setY(y).setZ(z).build();
    }
}
