/**
 * The gateway as a whole: its start and its settings. Everything else lives in a room, one per noun, directly under this
 * package; each room's {@code package-info} says what it owns and which rooms it may use.
 */
@NullMarked
package dev.fleetgateway;

import org.jspecify.annotations.NullMarked;
