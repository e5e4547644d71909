package dev.fleetgateway.simulator;

import java.time.Instant;
import java.util.Optional;

/**
 * One call whose request reached a machine.
 *
 * @param method such as {@code viam.component.motor.v1.MotorService/GoFor}
 * @param resource the name it was for; empty for calls to the machine itself, and where the request could not be read
 * @param opid the identifier of its operation; empty where it makes none
 * @param sid the session in its headers, whether the machine looks at it or not
 * @param at when it passed the gates, or was refused there
 * @param executed when the resource itself began to carry it out; empty if it never did, whatever was answered
 * @param state what has become of it
 * @param error the words it was refused or failed with
 */
public record RecordedCall(
        String method,
        String resource,
        String opid,
        Optional<String> sid,
        Instant at,
        Optional<Instant> executed,
        State state,
        Optional<String> error) {

    /** What has become of a call. */
    public enum State {
        /** It is still in progress, or held back by a fault. */
        RUNNING,
        /** It was answered with OK. */
        ANSWERED,
        /** It was answered with an error. */
        FAILED,
        /** Its caller went away before an answer. */
        ABANDONED,
        /** It did not pass the gates: the limit, the session, or its own bytes. */
        REFUSED
    }

    RecordedCall executed(Instant when) {
        return new RecordedCall(method, resource, opid, sid, at, Optional.of(when), state, error);
    }

    RecordedCall became(State state, Optional<String> error) {
        return new RecordedCall(method, resource, opid, sid, at, executed, state, error);
    }
}
