package dev.fleetgateway.simulator;

import java.time.Duration;
import java.util.Optional;

/**
 * One fault as it is in force.
 *
 * @param method the only method concerned, such as {@code viam.component.motor.v1.MotorService/GoFor}; empty for all
 * @param delay how long calls wait, for {@link Fault#DELAY}
 */
public record ActiveFault(Fault fault, Optional<String> method, Optional<Duration> delay) {

    static ActiveFault of(Fault fault) {
        return new ActiveFault(fault, Optional.empty(), Optional.empty());
    }
}
