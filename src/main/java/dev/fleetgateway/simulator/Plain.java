package dev.fleetgateway.simulator;

import com.google.protobuf.Struct;

/** The components that have no state of their own. One of each kind is enough for a whole fleet. */
enum Plain implements Component {
    SENSOR,
    MOVEMENT_SENSOR {
        @Override
        public Struct doCommand(Struct command) {
            return Struct.getDefaultInstance();
        }
    },
    GENERIC {
        @Override
        public Struct doCommand(Struct command) {
            return command;
        }
    },
    BUTTON,
    DATA_MANAGER
}
