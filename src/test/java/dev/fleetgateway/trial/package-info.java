/** Whether a motor of a real machine stands after its driver is gone, however he went; run by {@code src/test/sh/presence-trial}. */
@NullMarked
package dev.fleetgateway.trial;

import org.jspecify.annotations.NullMarked;
