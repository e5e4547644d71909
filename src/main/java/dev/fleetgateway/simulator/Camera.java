package dev.fleetgateway.simulator;

import com.google.protobuf.Timestamp;
import dev.fleetgateway.time.Time;
import java.util.List;
import viam.common.v1.Geometry;
import viam.common.v1.Pose;
import viam.common.v1.RectangularPrism;
import viam.common.v1.Vector3;

/** A camera in a box, which always sees the same; only the time of the picture is new each time. */
record Camera(Time time) implements Component {

    private static final Geometry BOX = Geometry.newBuilder()
            .setCenter(Pose.newBuilder().setOZ(1))
            .setBox(RectangularPrism.newBuilder()
                    .setDimsMm(Vector3.newBuilder().setX(40).setY(40).setZ(10)))
            .setLabel("box")
            .build();

    @Override
    public List<Geometry> geometries() {
        return List.of(BOX);
    }

    /** When a picture taken now was taken. */
    Timestamp now() {
        return RobotApi.stamp(time.now());
    }
}
