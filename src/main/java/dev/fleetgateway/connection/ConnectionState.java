package dev.fleetgateway.connection;

import java.time.Instant;

/**
 * Where a connection stands, in gRPC's words. It changes only by {@link #on}, which is pure.
 */
public sealed interface ConnectionState {

    /** When it came to be so. */
    Instant since();

    /** Why it is so, for people. */
    String reason();

    /** Tries in a row that failed; 0 while it is up or parked. */
    default int attempts() {
        return 0;
    }

    /** Parked by an administrator: nothing is dialed. */
    record Idle(Instant since, String reason) implements ConnectionState {}

    /** Being dialed for the first time, or again after it was ready. */
    record Connecting(Instant since, String reason, int attempts) implements ConnectionState {}

    /** The machine answers. */
    record Ready(Instant since, String reason) implements ConnectionState {}

    /**
     * The machine does not answer, and it is tried again.
     *
     * @param nextAttemptAt when; in the past while a try is under way
     */
    record TransientFailure(Instant since, String reason, FailureKind kind, int attempts, Instant nextAttemptAt)
            implements ConnectionState {}

    /** Over for good: the machine left the fleet, or the gateway stops. */
    record Shutdown(Instant since, String reason) implements ConnectionState {}

    /** The state's name as callers see it. */
    default String word() {
        return switch (this) {
            case Idle _ -> "IDLE";
            case Connecting _ -> "CONNECTING";
            case Ready _ -> "READY";
            case TransientFailure _ -> "TRANSIENT_FAILURE";
            case Shutdown _ -> "SHUTDOWN";
        };
    }

    /** Whether calls may start. */
    default boolean ready() {
        return this instanceof Ready;
    }

    /** The state after an event. {@code since} is kept where the state's word stays the same. */
    default ConnectionState on(ConnectionEvent event) {
        if (this instanceof Shutdown) {
            return this;
        }
        return switch (event) {
            case ConnectionEvent.DialStarted(var at) ->
                switch (this) {
                    case TransientFailure failure -> failure;
                    case Connecting connecting -> connecting;
                    case Idle _, Ready _, Shutdown _ -> new Connecting(at, "dialing", 0);
                };
            case ConnectionEvent.Answered(var at, var reason) ->
                this instanceof Ready ready ? ready : new Ready(at, reason);
            case ConnectionEvent.Failed(var at, var kind, var reason, var nextAttemptAt) ->
                switch (this) {
                    case TransientFailure failure ->
                        new TransientFailure(failure.since(), reason, kind, failure.attempts() + 1, nextAttemptAt);
                    case Idle idle -> idle;
                    case Connecting _, Ready _, Shutdown _ -> new TransientFailure(at, reason, kind, 1, nextAttemptAt);
                };
            case ConnectionEvent.Lost(var at, var kind, var reason, var nextAttemptAt) ->
                this instanceof Ready ? new TransientFailure(at, reason, kind, 0, nextAttemptAt) : this;
            case ConnectionEvent.Parked(var at, var reason) -> this instanceof Idle idle ? idle : new Idle(at, reason);
            case ConnectionEvent.Closed(var at, var reason) -> new Shutdown(at, reason);
        };
    }
}
