package dev.fleetgateway.session;

import java.time.Duration;

/**
 * Where the gateway's session on a machine stands. Changes only by {@link #on}, which is pure. Moments are readings of the clock that
 * only goes forward.
 */
sealed interface SessionState {

    /** There is none, and none of ours can be alive at the machine. */
    record None() implements SessionState {}

    /** The machine is being asked for one. */
    record Starting() implements SessionState {}

    /**
     * It is alive as far as the gateway knows, and beaten while somebody is present.
     *
     * @param heardAt when the last thing was sent that the machine is known to have heard
     */
    record Alive(String id, Duration window, long heardAt) implements SessionState {}

    /**
     * It is left to run out: not beaten, and dead at the machine by the given moment.
     *
     * @param reusable whether it may be gone on with before that
     */
    record Fading(String id, Duration window, long heardAt, long deadAt, boolean reusable) implements SessionState {}

    /** The machine keeps no sessions. */
    record Unsupported() implements SessionState {}

    /** The state after an event; the same one where the event means nothing to it. */
    default SessionState on(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Asked() -> this instanceof Alive ? this : new Starting();
            case SessionEvent.Started(var id, var window, var at) ->
                this instanceof Starting ? new Alive(id, window, at) : this;
            case SessionEvent.Refused(var unsupported) ->
                this instanceof Starting ? (unsupported ? new Unsupported() : new None()) : this;
            case SessionEvent.Heard(var id, var at) ->
                switch (this) {
                    case Alive(var mine, var window, var before)
                    when mine.equals(id) -> new Alive(mine, window, Math.max(before, at));
                    case Fading(var mine, var window, var before, var deadAt, var reusable)
                    when mine.equals(id) -> new Fading(mine, window, Math.max(before, at), deadAt, reusable);
                    case Alive _, Fading _, None _, Starting _, Unsupported _ -> this;
                };
            case SessionEvent.Resumed(var id, var at) ->
                this instanceof Fading(var mine, var window, var _, var _, var reusable) && reusable && mine.equals(id)
                        ? new Alive(mine, window, at)
                        : this;
            case SessionEvent.Left(var deadAt, var reusable) ->
                switch (this) {
                    case Alive(var id, var window, var heardAt) -> new Fading(id, window, heardAt, deadAt, reusable);
                    case Fading(var id, var window, var heardAt, var before, var could) ->
                        new Fading(id, window, heardAt, Math.max(before, deadAt), could && reusable);
                    case Starting _ -> new None();
                    case None _, Unsupported _ -> this;
                };
            case SessionEvent.Died(var id) ->
                switch (this) {
                    case Alive alive when alive.id.equals(id) -> new None();
                    case Fading fading when fading.id.equals(id) -> new None();
                    case Alive _, Fading _, None _, Starting _, Unsupported _ -> this;
                };
            case SessionEvent.OtherMachine() -> this instanceof Unsupported ? new None() : this;
        };
    }
}
