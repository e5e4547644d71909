package dev.fleetgateway.lease;

import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.session.Sid;
import dev.fleetgateway.time.Time;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One command in flight that may move something. Its fields that change are guarded by the lock of its machine's {@link Desk}. */
final class Act {

    final Admission about;
    final Lease lease;

    /** When it was let in. */
    final long begun;

    /** Completes when the machine has ended it, or it is known never to have been sent; never where it was lost. */
    final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** What cut it short; the first cause counts. */
    @Nullable
    Cut cut;

    /** A stop that was made for it alone. */
    @Nullable
    CompletableFuture<StopReport> stop;

    /** What it is sent with; null until there is a session. */
    @Nullable
    Sid sid;

    /** Ends it where it has no lease and takes too long. */
    Time.@Nullable Timer limit;

    boolean sent;

    /** Nothing had moved its resource before under the same lease. */
    boolean first;

    /** Calls that it replaces, unless it is refused. */
    List<Act> replaced = List.of();

    /** The machine has ended it; what it moved may go on. */
    boolean answered;

    boolean over;

    /** It ended without the machine's own word, and may still be under way there, or on its way. */
    boolean lost;

    /** A stop was over before it was known to have ended: should it end after all, what it moved is stopped once more. */
    boolean givenUp;

    Act(Admission about, Lease lease, long begun) {
        this.about = about;
        this.lease = lease;
        this.begun = begun;
    }
}
