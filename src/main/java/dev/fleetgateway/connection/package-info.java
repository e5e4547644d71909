/**
 * The one live link to a machine: dial, authenticate, watch, redial.
 *
 * <p><b>Owns</b> exactly one {@link dev.fleetgateway.connection.Connection} per machine of the fleet, its state (a sealed type
 * with one pure transition), the gateway's own unmonitored polling by which it knows that a machine is there, and the backoff.
 * The inner room {@code direct} knows how to open a link over HTTP/2, {@code webrtc} how to open one over a data channel.
 *
 * <p><b>Does not</b> send commands, keep a session or lease, or decide what a picture looks like. It repeats no call.
 *
 * <p><b>Threads</b>: calls are asynchronous on event loops shared by all machines; a dial runs on a virtual thread of its own
 * while it lasts; nothing here holds a thread per machine. Listeners are told one after the other per machine and must not block.
 */
@ApplicationModule(
        displayName = "connection",
        allowedDependencies = {"time", "problem", "network", "discovery", "machine", "route", "peer"})
@NullMarked
package dev.fleetgateway.connection;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
