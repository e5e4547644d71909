package dev.fleetgateway.cloud;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the cloud sees of one machine part.
 *
 * @param lastAccess when it last heard from it; null where it does not say
 * @param sync what its configuration there says of data sync; null where that is not known
 * @param observedAt when the cloud was asked whether it is online
 */
public record CloudView(
        Online online,
        @Nullable Instant lastAccess,
        @Nullable SyncSwitch sync,
        Instant observedAt) {

    /**
     * Whether a part's configuration has data sync switched on, and when that was read: configurations are read one after the other, so
     * that this may be older than the rest.
     */
    public record SyncSwitch(boolean on, Instant readAt) {}

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
