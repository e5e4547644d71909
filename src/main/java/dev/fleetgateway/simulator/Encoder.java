package dev.fleetgateway.simulator;

/** Counts the turns of one motor in ticks. */
record Encoder(Motor motor) implements Component {

    static final double TICKS_PER_TURN = 1_000;

    double ticks() {
        return motor.position() * TICKS_PER_TURN;
    }

    void reset() {
        motor.place(0);
    }
}
