package dev.fleetgateway.status;

import dev.fleetgateway.motion.Errand;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A motion that goes on without anybody present, as far as is known.
 *
 * @param resource the service that goes on with it, {@code api/name}
 * @param component what it drives; null where the service does not say
 * @param execution what {@code ListPlanStatuses} calls it; null for a mode
 * @param state the machine's last word: {@code IN_PROGRESS}, or the mode
 * @param since when a call through this gateway began it, else when it was first seen
 * @param observedAt when the machine last said so
 */
public record Unattended(
        String resource,
        @Nullable String component,
        @Nullable String execution,
        String state,
        Instant since,
        @Nullable Instant observedAt) {

    static Unattended of(Errand errand, Instant since, Instant observedAt) {
        return new Unattended(
                errand.service().toString(),
                errand.component(),
                errand.execution(),
                errand.state(),
                Shown.at(since),
                Shown.at(observedAt));
    }

    /** The same without what moves with every look. */
    Unattended steady() {
        return new Unattended(resource, component, execution, state, since, null);
    }
}
