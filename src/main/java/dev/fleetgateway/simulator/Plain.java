package dev.fleetgateway.simulator;

import com.google.protobuf.Struct;
import java.util.List;
import viam.common.v1.Geometry;
import viam.common.v1.RectangularPrism;
import viam.common.v1.Vector3;

/** The components that have no state of their own. One of each kind is enough for a whole fleet. */
enum Plain implements Component {
    SENSOR,
    MOVEMENT_SENSOR {
        @Override
        public Struct doCommand(Struct command) {
            return Struct.getDefaultInstance();
        }
    },
    CAMERA {
        @Override
        public List<Geometry> geometries() {
            Vector3 size = Vector3.newBuilder().setX(40).setY(40).setZ(10).build();
            return List.of(Geometry.newBuilder()
                    .setBox(RectangularPrism.newBuilder().setDimsMm(size))
                    .setLabel("box")
                    .build());
        }
    },
    GENERIC {
        @Override
        public Struct doCommand(Struct command) {
            return command;
        }
    },
    DATA_MANAGER
}
