package dev.fleetgateway.status;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything on a machine moves.
 *
 * @param observedAt when its actuators were last asked and answered, null if never
 * @param moving what was seen moving, {@code api/name}
 * @param unattended motions that go on without anybody present, as far as is known; empty only where it is known that there are
 *     none, null where it cannot be known
 */
public record Motion(
        State state,
        Instant since,
        String reason,
        @Nullable Instant observedAt,
        List<String> moving,
        @Nullable List<Unattended> unattended) {

    /** Copies the lists. */
    public Motion {
        moving = List.copyOf(moving);
        unattended = unattended == null ? null : List.copyOf(unattended);
    }

    /** What is known. */
    public enum State {
        /** Every actuator that can be asked answered that it does not move. */
        STILL,
        /** At least one moves. */
        MOVING,
        /** It cannot be said. */
        UNKNOWN
    }

    static Motion unknown(Instant since, String reason) {
        return new Motion(State.UNKNOWN, since, reason, null, List.of(), null);
    }

    /** The same, with what goes on by itself. */
    Motion with(@Nullable List<Unattended> going) {
        return new Motion(state, since, reason, observedAt, moving, going);
    }

    /** The same without what moves with every look. */
    Motion steady() {
        List<Unattended> going = unattended == null
                ? null
                : unattended.stream().map(Unattended::steady).toList();
        return new Motion(state, since, reason, null, moving, going);
    }

    /** What a look found, {@code since} kept where the state was the same before. */
    Motion then(Motion found) {
        return found.state == state
                ? new Motion(state, since, found.reason, found.observedAt, found.moving, found.unattended)
                : found;
    }
}
