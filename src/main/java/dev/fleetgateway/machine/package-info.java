/**
 * Which machines there are: names, addresses, labels, credentials.
 *
 * <p><b>Owns</b> the fleet as it is configured now, the settings of one machine and how they are checked, label selectors,
 * and the reading of keys from files. Secrets leave this room only towards a dial; they are never printed.
 *
 * <p><b>Does not</b> know whether a machine can be reached, nor what it is doing.
 *
 * <p><b>Threads</b>: the fleet is an immutable list swapped at once; changes are announced one after the other, on the
 * thread that brought them. A short timer task looks whether the machines' file has changed.
 */
@ApplicationModule(
        displayName = "machine",
        allowedDependencies = {"time", "problem"})
@NullMarked
package dev.fleetgateway.machine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
