/**
 * Who may call what, and who did.
 *
 * <p><b>Owns</b> the caller of a request and the visit it comes with, the record of who moved what, and the rules of Host and
 * Origin that keep any web page from reaching a gateway on the loopback interface. So far there is one mode, {@code OPEN}: every
 * caller is {@code anonymous} and may do all, and it refuses to start on any address but loopback.
 *
 * <p><b>Does not</b> know machines' credentials, nor what a call does.
 *
 * <p><b>Threads</b>: none of its own.
 */
@ApplicationModule(
        displayName = "access",
        allowedDependencies = {"time", "problem", "machine"})
@NullMarked
package dev.fleetgateway.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
