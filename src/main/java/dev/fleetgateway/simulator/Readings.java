package dev.fleetgateway.simulator;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Map;
import java.util.TreeMap;
import viam.common.v1.GeoPoint;
import viam.common.v1.GetReadingsResponse;
import viam.common.v1.Orientation;
import viam.common.v1.Vector3;

/** What the simulated sensors always read: the numbers of the real fakes, in the shapes a real machine gives them. */
final class Readings {

    static final GeoPoint PLACE =
            GeoPoint.newBuilder().setLatitude(40.7).setLongitude(-73.98).build();
    static final float ALTITUDE = 50.5f;
    static final double HEADING = 25;
    static final Vector3 VELOCITY = vector(0, 5.4, 0);
    static final Vector3 ACCELERATION = vector(2.2, 4.5, 2);
    static final Vector3 ROTATION = vector(0, 0, 1);
    static final Orientation UPRIGHT = Orientation.newBuilder().setOZ(1).build();

    static final GetReadingsResponse SENSOR = GetReadingsResponse.newBuilder()
            .putReadings("a", number(1))
            .putReadings("b", number(2))
            .putReadings("c", number(3))
            .build();

    static final GetReadingsResponse MOVEMENT = GetReadingsResponse.newBuilder()
            .putReadings("position", shape("geopoint", Map.of("lat", PLACE.getLatitude(), "lng", PLACE.getLongitude())))
            .putReadings("altitude", number(ALTITUDE))
            .putReadings("compass", number(HEADING))
            .putReadings("linear_velocity", shape("vector3", parts(VELOCITY)))
            .putReadings("linear_acceleration", shape("vector3", parts(ACCELERATION)))
            .putReadings("angular_velocity", shape("angular_velocity", parts(ROTATION)))
            .putReadings("orientation", shape("quat", Map.of("r", 1d, "i", 0d, "j", 0d, "k", 0d)))
            .build();

    private Readings() {}

    private static Value shape(String type, Map<String, Double> parts) {
        Struct.Builder shape = Struct.newBuilder()
                .putFields("_type", Value.newBuilder().setStringValue(type).build());
        new TreeMap<>(parts).forEach((name, value) -> shape.putFields(name, number(value)));
        return Value.newBuilder().setStructValue(shape).build();
    }

    private static Map<String, Double> parts(Vector3 vector) {
        return Map.of("x", vector.getX(), "y", vector.getY(), "z", vector.getZ());
    }

    private static Value number(double value) {
        return Value.newBuilder().setNumberValue(value).build();
    }

    private static Vector3 vector(double x, double y, double z) {
        return Vector3.newBuilder().setX(x).setY(y).setZ(z).build();
    }
}
