/**
 * What went wrong, said once: the codes, what became of the command, and what to do next, the same words behind every door.
 *
 * <p><b>Owns</b> the table of problem codes with their HTTP status (section 4 of the contract), the outcomes of a failed
 * command, and the exception that carries a problem from the room that knows to the door that tells.
 *
 * <p><b>Does not</b> know HTTP beyond the status number, nor who asked.
 *
 * <p><b>Threads</b>: none; everything here is immutable.
 */
@ApplicationModule(
        displayName = "problem",
        allowedDependencies = {})
@NullMarked
package dev.fleetgateway.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
