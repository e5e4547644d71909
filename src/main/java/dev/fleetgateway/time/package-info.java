/**
 * What time it is, and what happens later: the one clock and the one timer of the gateway.
 *
 * <p><b>Owns</b> the only calls to the system's clocks, and the timer thread on which short tasks run later.
 *
 * <p><b>Does not</b> know what anybody does with the time.
 *
 * <p><b>Threads</b>: one timer thread; its tasks must not block.
 */
@ApplicationModule(
        displayName = "time",
        allowedDependencies = {})
@NullMarked
package dev.fleetgateway.time;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
