package dev.fleetgateway.cloud;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the cloud sees of one machine part.
 *
 * @param lastAccess when it last heard from it; null where it does not say
 * @param syncDisabled whether its configuration switches data sync off; null where that is not known
 * @param observedAt when the cloud was asked
 */
public record CloudView(
        Online online,
        @Nullable Instant lastAccess,
        @Nullable Boolean syncDisabled,
        Instant observedAt) {

    /** Whether the part is in contact with the cloud, by the cloud's own word, which may be a minute late. */
    public enum Online {
        /** It is. */
        ONLINE,
        /** It is not. */
        OFFLINE,
        /** It never was. */
        AWAITING_SETUP,
        /** The cloud does not say. */
        NOT_SAID
    }
}
