package dev.fleetgateway.simulator;

import com.google.protobuf.Struct;
import java.util.List;
import viam.common.v1.Geometry;

/** A resource of a machine, with what every resource can be asked. */
interface Component {

    /** Whatever it is told to do; most have nothing to add to their API. */
    default Struct doCommand(Struct command) {
        throw Refusal.of("DoCommand unimplemented");
    }

    /** What it says of itself; nothing, as most real ones do. */
    default Struct status() {
        return Struct.getDefaultInstance();
    }

    /** Its shape, where it has one. */
    default List<Geometry> geometries() {
        return List.of();
    }

    /** Its process is gone: nothing of it goes on. */
    default void end() {}

    /** A component that can move, and that a dead session or StopAll therefore stops. */
    interface Actuator extends Component {

        void stop();

        @Override
        default void end() {
            stop();
        }

        boolean isMoving();
    }
}
