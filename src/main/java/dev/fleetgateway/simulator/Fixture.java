package dev.fleetgateway.simulator;

import java.util.List;

/**
 * A gantry, gripper or servo as the real fakes are: where it is sent, it stands at once, so that it never moves and there
 * is nothing to stop; it is an actuator all the same.
 */
final class Fixture implements Component.Actuator {

    static final double GANTRY_MM = 100;

    private volatile List<Double> place;

    Fixture(Double... place) {
        this.place = List.of(place);
    }

    List<Double> place() {
        return place;
    }

    /** Stands there from now on; as many numbers as it has. */
    void place(List<Double> wanted) {
        if (wanted.size() != place.size()) {
            throw Refusal.of("incorrect number of inputs: " + wanted.size() + " instead of " + place.size());
        }
        place = List.copyOf(wanted);
    }

    @Override
    public void stop() {}

    @Override
    public boolean isMoving() {
        return false;
    }
}
