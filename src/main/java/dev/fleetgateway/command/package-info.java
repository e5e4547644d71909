/**
 * One call from JSON to protobuf and back.
 *
 * <p><b>Owns</b> the descriptors of every API (learnt from the machines by reflection, one copy for the whole fleet, or named
 * in the settings), the effect of a method, deadlines, what became of a call that failed, and the limits on calls in flight.
 *
 * <p><b>Does not</b> know who may call, keep presence, stop anything, or choose a route: what may move something asks {@code lease}
 * to be let through, and tells it how it ended. It sends no call twice; one that a machine refused because the session had
 * expired was not executed, and may go once more where lease says so.
 *
 * <p><b>Threads</b>: a call is begun on the door's thread and finished on an event loop; nothing waits in between. Parsing and
 * printing JSON happens on the thread that begins and the executor that finishes the call, never under a lock.
 */
@ApplicationModule(
        displayName = "command",
        allowedDependencies = {
            "time",
            "problem",
            "machine",
            "route",
            "connection",
            "access",
            "session",
            "motion",
            "lease"
        })
@NullMarked
package dev.fleetgateway.command;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
