package dev.fleetgateway.cloudlink;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the machine's data is being uploaded.
 *
 * @param since when that began, as far as it was seen
 * @param reason in words for an operator
 * @param evidence all that was looked at, what was trusted most first
 */
public record Sync(State state, Instant since, String reason, Confidence confidence, List<Evidence> evidence) {

    /** Copies the list. */
    public Sync {
        evidence = List.copyOf(evidence);
    }

    /** What is known of it. */
    public enum State {
        /** It is in contact with the cloud and has a data manager. */
        ACTIVE,
        /** It would sync, but is not in contact with the cloud. */
        PAUSED,
        /** It is told not to sync. */
        DISABLED,
        /** It has nothing to sync. */
        NOT_APPLICABLE,
        /** It cannot be said. */
        UNKNOWN
    }

    /** How sure that is. */
    public enum Confidence {
        /** Two sources say the same. */
        HIGH,
        /** One good source says so. */
        MEDIUM,
        /** It is the best that can be said. */
        LOW
    }

    /** What something is known from. */
    public enum Source {
        /** {@code GetMachineStatus.config.last_updated}, which moves whenever the machine has heard from its cloud. */
        CONFIG_HEARTBEAT,
        /** What the Viam cloud says of the machine. */
        CLOUD,
        /** Whether the machine lists a data manager. */
        DATA_MANAGER,
        /** Whether the machine says that a cloud manages it. */
        CLOUD_METADATA,
        /** How the machine is reached, or that it is not. */
        ROUTE,
        /** The gateway's own way to the internet. */
        UPLINK
    }

    /** One thing seen that speaks for the verdict. */
    public record Evidence(Source source, @Nullable Instant observedAt, String detail) {}

    /** The same without what moves with every look. */
    public Sync steady() {
        return new Sync(
                state,
                since,
                reason,
                confidence,
                evidence.stream()
                        .map(seen -> new Evidence(seen.source, null, seen.detail))
                        .toList());
    }

    /** The same, since another moment. */
    Sync since(Instant moment) {
        return new Sync(state, moment, reason, confidence, evidence);
    }
}
