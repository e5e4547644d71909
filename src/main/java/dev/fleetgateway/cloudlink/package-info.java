/**
 * Whether a machine is in contact with the Viam cloud, and so whether its data sync runs.
 *
 * <p><b>Owns</b> the verdict on every machine's sync with all that speaks for it: the heartbeat of the machine's own configuration,
 * whether there is a data manager, what the cloud says where it may be asked, and how the machine is reached. Each source is a small
 * type of its own, and one pure function makes of them what is said.
 *
 * <p><b>Does not</b> ask machines anything: it reads what the polls of their connections bring. It says nothing of how much waits to
 * be uploaded, which no machine tells.
 *
 * <p><b>Threads</b>: none of its own. News are judged on the thread that brings them, under one short lock per machine.
 */
@ApplicationModule(
        displayName = "cloudlink",
        allowedDependencies = {"time", "problem", "machine", "route", "connection", "uplink", "cloud"})
@NullMarked
package dev.fleetgateway.cloudlink;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
