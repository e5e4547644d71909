/**
 * The networks this gateway stands in, and when they change.
 *
 * <p><b>Owns</b> the look at the host's own interfaces, the networks that are on-link by them, and the news that they changed.
 *
 * <p><b>Does not</b> judge routes, find machines or send a packet.
 *
 * <p><b>Threads</b>: a look takes system calls, so one is made each second on a virtual thread, and whoever asks gets the last
 * one; who wants a new one waits for it. Listeners are told on a virtual thread of their own.
 */
@ApplicationModule(
        displayName = "network",
        allowedDependencies = {"time", "problem"})
@NullMarked
package dev.fleetgateway.network;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
