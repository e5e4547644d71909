package dev.fleetgateway.simulator;

import java.time.Instant;
import java.util.Optional;

/**
 * One call that a machine let in.
 *
 * @param method such as {@code viam.component.motor.v1.MotorService/GoFor}
 * @param resource the name it was for; empty for calls to the machine itself
 * @param opid the identifier of its operation; empty where it makes none
 * @param sid the session it carried, as far as the machine looked at it
 * @param at when it came in
 * @param state what has become of it
 */
public record RecordedCall(String method, String resource, String opid, Optional<String> sid, Instant at, State state) {

    /** What has become of a call. */
    public enum State {
        /** It is still in progress, or held back by a fault. */
        RUNNING,
        /** It was answered with OK. */
        ANSWERED,
        /** It was answered with an error. */
        FAILED,
        /** Its caller went away before an answer. */
        ABANDONED
    }
}
