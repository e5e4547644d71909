package dev.fleetgateway.connection;

import java.time.Instant;

/** What can happen to a connection. Each event says when it was seen. */
public sealed interface ConnectionEvent {

    /** When it was seen. */
    Instant at();

    /** A dial begins. */
    record DialStarted(Instant at) implements ConnectionEvent {}

    /** The machine answered a poll. */
    record Answered(Instant at, String reason) implements ConnectionEvent {}

    /** Every candidate of a dial failed. */
    record Failed(Instant at, FailureKind kind, String reason, Instant nextAttemptAt) implements ConnectionEvent {}

    /** A connection that was up broke, or stopped answering. */
    record Lost(Instant at, FailureKind kind, String reason, Instant nextAttemptAt) implements ConnectionEvent {}

    /** An administrator parked it. */
    record Parked(Instant at, String reason) implements ConnectionEvent {}

    /** The machine left the fleet, or the gateway stops. */
    record Closed(Instant at, String reason) implements ConnectionEvent {}
}
