/**
 * The networks this gateway stands in, and when they change.
 *
 * <p><b>Owns</b> the look at the host's own interfaces and the networks that are on-link by them.
 *
 * <p><b>Does not</b> judge routes, find machines or send a packet.
 *
 * <p><b>Threads</b>: a look takes system calls, so it is made on a virtual thread; whoever asks gets the last one.
 */
@ApplicationModule(
        displayName = "network",
        allowedDependencies = {"time", "problem"})
@NullMarked
package dev.fleetgateway.network;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
