/**
 * What the Viam cloud itself sees of machines, where credentials for it are given.
 *
 * <p><b>Owns</b> the connection to the cloud's API, its token, and the newest view of every part that is asked for: whether it is
 * online for the cloud, and whether its configuration there switches data sync on.
 *
 * <p><b>Does not</b> judge: what the cloud says may be late, and is nothing where the gateway's own way to it is gone. Of a
 * configuration it keeps that one thing, since the rest holds secrets.
 *
 * <p><b>Threads</b>: one event loop and a timer; reading a key file happens on a virtual thread. One question at a time, each with a
 * deadline.
 */
@ApplicationModule(
        displayName = "cloud",
        allowedDependencies = {"time", "problem", "machine", "connection"})
@NullMarked
package dev.fleetgateway.cloud;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
