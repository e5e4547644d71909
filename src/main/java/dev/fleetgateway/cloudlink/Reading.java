package dev.fleetgateway.cloudlink;

import java.time.Instant;

/**
 * What one answer of a machine said of its configuration.
 *
 * @param nanos when it came, by the clock that only goes forward
 * @param at when it came, for people
 * @param value when the machine last heard from its cloud, or started, by its own clock, which may be wrong and may jump
 * @param life another after the machine started anew or took another configuration: what moved the value then was not its cloud
 * @param movedBefore whether the value is later than anything that was built in this life, so that it had moved before
 */
record Reading(long nanos, Instant at, Instant value, String life, boolean movedBefore) {}
