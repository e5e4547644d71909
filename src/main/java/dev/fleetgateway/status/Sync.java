package dev.fleetgateway.status;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the machine's data is being uploaded. */
public record Sync(State state, Instant since, String reason, Confidence confidence, List<Evidence> evidence) {

    /** Copies the list. */
    public Sync {
        evidence = List.copyOf(evidence);
    }

    /** What is known of it. */
    public enum State {
        /** It reaches the cloud, and syncs. */
        ACTIVE,
        /** It would sync, but does not reach the cloud. */
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
        /** Seen directly. */
        HIGH,
        /** Follows from what was seen. */
        MEDIUM,
        /** A guess. */
        LOW
    }

    /** One thing seen that speaks for the verdict. */
    public record Evidence(String source, @Nullable Instant observedAt, String detail) {}

    static Sync unknown(Instant since, String reason) {
        return new Sync(State.UNKNOWN, since, reason, Confidence.LOW, List.of());
    }

    Sync steady() {
        return new Sync(
                state,
                since,
                reason,
                confidence,
                evidence.stream()
                        .map(seen -> new Evidence(seen.source, null, seen.detail))
                        .toList());
    }
}
