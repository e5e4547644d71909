/**
 * What the calling path costs, measured from outside: the real gateway and simulated machines in processes of their own, and
 * the same calls through the one and straight to the other. Run by {@code ./mvnw -Pbench verify}, never by the usual build.
 */
@NullMarked
package dev.fleetgateway.bench;

import org.jspecify.annotations.NullMarked;
