package dev.fleetgateway.simulator;

import java.time.Duration;

/**
 * What becomes of what passes over one of a machine's networks.
 *
 * @param inwards whether what is sent to the machine arrives
 * @param outwards whether what the machine sends arrives
 * @param delay how long everything takes beyond the usual, each way
 */
record Passage(boolean inwards, boolean outwards, Duration delay) {

    /** As it should be. */
    static final Passage FREE = new Passage(true, true, Duration.ZERO);

    /** The networks that a machine stands in. */
    enum Network {
        /** Its own, by which it is called directly. */
        LAN,
        /** The way by its cloud. */
        INTERNET
    }
}
