package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.Causes;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.machine.Signaling;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Tells from how a signaling server refused what was the matter, in words for people. */
record SignalingFailures(Signaling signaling, @Nullable ApiKey key) {

    /** Why there is no answer. */
    DialFailedException of(Reply<?> reply) {
        return switch (reply) {
            case Reply.Refused<?>(var status) -> refused(status);
            case Reply.Nonsense<?>(var status) ->
                new DialFailedException(
                        FailureKind.PROTOCOL,
                        "what answers at " + where() + " is no signaling server: " + said(status));
            case Reply.Lost<?>(var status) -> lost(status, false);
            case Reply.Given<?> given -> throw new IllegalArgumentException("an answer: " + given);
        };
    }

    /** The server, or the machine through it, ended the call itself. */
    DialFailedException refused(Status status) {
        String said = said(status);
        if (said.equals("host not preconfigured")) {
            return new DialFailedException(
                    FailureKind.NAME_UNKNOWN,
                    "no machine waits at the signaling server %s under the name %s; if it has another there, say it as signaling.host"
                            .formatted(where(), signaling.host()));
        }
        return switch (status.getCode()) {
            case UNIMPLEMENTED ->
                new DialFailedException(
                        FailureKind.PROTOCOL, where() + " is no signaling server, or does no longer serve as one");
            case NOT_FOUND ->
                new DialFailedException(FailureKind.OFFLINE, "the signaling server " + where() + " says: " + said);
            // Also said as UNAVAILABLE: "too many connection attempts".
            case RESOURCE_EXHAUSTED, UNAVAILABLE ->
                new DialFailedException(
                        FailureKind.TOO_OFTEN, "the signaling server " + where() + " does not take it now: " + said);
            case UNAUTHENTICATED, PERMISSION_DENIED -> credentials(said);
            case DEADLINE_EXCEEDED ->
                new DialFailedException(
                        FailureKind.TIMEOUT,
                        "the machine did not answer the offer in time; it may not be in touch with " + where());
            default ->
                new DialFailedException(
                        FailureKind.OTHER,
                        "the signaling server " + where() + " says " + status.getCode() + ": " + said);
        };
    }

    /** It does not take the key, or asks for one. */
    DialFailedException credentials(String said) {
        return new DialFailedException(
                FailureKind.CREDENTIALS,
                key == null
                        ? "the signaling server " + where() + " asks for credentials, and none are configured"
                        : "the signaling server " + where() + " did not accept API key " + key.id() + ": " + said);
    }

    /**
     * The connection to it failed.
     *
     * @param spoken whether it ever said anything in this dial
     */
    DialFailedException lost(Status status, boolean spoken) {
        Causes.Cause cause = Causes.of(
                status,
                new Causes.Target(
                        "the signaling server " + where(), "signaling server", "signaling.tls.mode", signaling.tls()),
                spoken);
        return new DialFailedException(cause.kind(), cause.reason(), true);
    }

    private String where() {
        return signaling.address().toString();
    }

    private static String said(Status status) {
        return status.getDescription() == null ? "" : status.getDescription();
    }
}
