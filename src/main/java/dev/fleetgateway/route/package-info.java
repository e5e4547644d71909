/**
 * The ways a machine can be reached and what kind each of them is.
 *
 * <p><b>Owns</b> the words for a route, the judgement LAN, WAN or INTERNET from an observed peer address and the gateway's
 * own networks, and the candidates for a machine in the order they are worth trying: where it announces itself, its addresses in the
 * settings, its signaling server, and where it was last reached.
 *
 * <p><b>Does not</b> dial.
 *
 * <p><b>Threads</b>: none of its own; looking up a host name blocks, and is done on the caller's (virtual) thread.
 */
@ApplicationModule(
        displayName = "route",
        allowedDependencies = {"time", "problem", "network", "discovery", "machine"})
@NullMarked
package dev.fleetgateway.route;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
