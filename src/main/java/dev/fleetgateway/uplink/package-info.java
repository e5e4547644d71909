/**
 * The gateway's own way to the internet.
 *
 * <p><b>Owns</b> the verdict on it, from signals that do not depend on each other: the host's networks, the servers that machines are
 * signaled by, their names, and the machines that are reached over the internet. It asks servers only where some machine needs one,
 * each with a bare connection that is closed at once.
 *
 * <p><b>Does not</b> judge machines, and no machine is blamed for what is lost here.
 *
 * <p><b>Threads</b>: one timer; what waits for a server or a name does so on a virtual thread, one for each server, and so are listeners told.
 */
@ApplicationModule(
        displayName = "uplink",
        allowedDependencies = {"time", "machine", "network", "route", "connection", "cloud"})
@NullMarked
package dev.fleetgateway.uplink;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
