/**
 * One call from JSON to protobuf and back.
 *
 * <p><b>Owns</b> the descriptors of every API (learnt from the machines by reflection, one copy for the whole fleet, or named
 * in the settings), the effect of a method, deadlines, what became of a call that failed, the limits on calls in flight, and
 * the plain stop of a machine.
 *
 * <p><b>Does not</b> know who may call, keep presence, or choose a route. It sends no call twice.
 *
 * <p><b>Threads</b>: a call is begun on the door's thread and finished on an event loop; nothing waits in between. Parsing and
 * printing JSON happens on the thread that begins and the executor that finishes the call, never under a lock.
 */
@ApplicationModule(
        displayName = "command",
        allowedDependencies = {"time", "problem", "machine", "route", "connection"})
@NullMarked
package dev.fleetgateway.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
