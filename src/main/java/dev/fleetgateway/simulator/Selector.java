package dev.fleetgateway.simulator;

/** A switch with two positions. Sessions know it, but there is nothing of it to stop. */
final class Selector implements Component {

    static final int POSITIONS = 2;

    private final String fullName;
    private volatile int position;

    Selector(String fullName) {
        this.fullName = fullName;
    }

    int position() {
        return position;
    }

    void select(int wanted) {
        if (Integer.compareUnsigned(wanted, POSITIONS) >= 0) {
            throw Refusal.of("switch component %s position %s is invalid (valid range: 0-%d)"
                    .formatted(fullName, Integer.toUnsignedString(wanted), POSITIONS - 1));
        }
        position = wanted;
    }
}
