/**
 * What on a machine moves, and how it is told to stand.
 *
 * <p><b>Owns</b> the few calls that the gateway itself makes about motion: {@code IsMoving} and {@code Stop} of every actuator's
 * API, {@code StopAll}, the mode of a navigation service and the plans of a motion service, and with them what goes on by itself; what
 * became of a stop; and the words for both.
 *
 * <p><b>Does not</b> decide when anything is stopped, whose motion it is, or what a picture says of it. It asks and tells once,
 * and claims no more than the machine answered.
 *
 * <p><b>Threads</b>: none of its own; answers come on event loops, which must not be blocked.
 */
@ApplicationModule(
        displayName = "motion",
        allowedDependencies = {"time", "problem", "machine", "route", "connection"})
@NullMarked
package dev.fleetgateway.motion;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
