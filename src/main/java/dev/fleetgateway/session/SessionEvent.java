package dev.fleetgateway.session;

import java.time.Duration;

/** What can happen to a session. */
sealed interface SessionEvent {

    /** The machine is asked for a session. */
    record Asked() implements SessionEvent {}

    /** It gave one; {@code at} is when it was asked. */
    record Started(String id, Duration window, long at) implements SessionEvent {}

    /** It gave none; {@code unsupported} where it never will. */
    record Refused(boolean unsupported) implements SessionEvent {}

    /** The machine has heard what was sent at that moment under that session. */
    record Heard(String id, long at) implements SessionEvent {}

    /** A session that was left was found alive, and is gone on with. */
    record Resumed(String id, long at) implements SessionEvent {}

    /** Nobody is present any more, or its link is gone: it is not beaten, and dead by that moment. */
    record Left(long deadAt, boolean reusable) implements SessionEvent {}

    /** It is dead at the machine: the machine said so, or its time is over. */
    record Died(String id) implements SessionEvent {}

    /** The link leads to a process that was not asked yet. */
    record OtherMachine() implements SessionEvent {}
}
