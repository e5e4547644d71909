package dev.fleetgateway.lease;

import dev.fleetgateway.motion.StopReport;
import org.jspecify.annotations.Nullable;

/** Where the holder of a lease sits, if it is somewhere that can be told: a socket. */
public interface Seat {

    /**
     * The lease has ended without its holder's doing, or was suspended by a stop. Must not block.
     *
     * @param reason a word of {@link EndReason}, or {@code STOPPED}
     * @param stop what became of what it had moved; null where that is not known
     */
    void leaseLost(String machine, long sequence, String reason, @Nullable StopReport stop);
}
