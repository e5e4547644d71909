package dev.fleetgateway.lease;

import dev.fleetgateway.connection.Link;
import dev.fleetgateway.motion.StopReport;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One command that was let through: it must be sent by {@link #send} or given back, and its end be told. Safe for many threads. */
public interface Passage {

    /** Where it is to be sent. */
    Link link();

    /** The {@code viam-sid} it is sent with, a secret; null where the machine keeps no sessions. */
    @Nullable
    String sid();

    /** The lease's number, for the record; 0 where there is none. */
    long sequence();

    /**
     * Hands it to the transport, unless it may not go any more: a stop may have come, or presence have ended, since it was let in.
     *
     * @param sending must not block
     * @throws dev.fleetgateway.problem.ProblemException outcome {@code NOT_SENT}; it is over then
     */
    <T> T send(Supplier<T> sending);

    /**
     * It ended. What has to be stopped for that is stopped.
     *
     * @return completes when its caller may be told; never fails
     */
    CompletableFuture<Settled> ended(End end);

    /** It is to end before its time: it is cancelled at the machine, and what it moved is stopped. The first cause counts. */
    void cut(Cut by);

    /**
     * The machine refused it because the session had expired. Where its caller is still present, it may go once more, in a new
     * session.
     *
     * @return fails with a {@code ProblemException} where it may not
     */
    CompletableFuture<Passage> again();

    /**
     * How it ended.
     *
     * @param handed whether it was handed to the transport
     * @param answered whether the machine itself ended it
     * @param ok whether the machine said OK
     * @param rejected whether the machine refused it before its handler, so that nothing was moved
     */
    record End(boolean handed, boolean answered, boolean ok, boolean rejected) {

        /** It was never sent. */
        public static final End UNSENT = new End(false, false, false, false);
    }

    /**
     * What is known at its end.
     *
     * @param cut by what it was cut short; null where by nothing known
     * @param stop what became of a stop that was made for it; null where there was none or it is told elsewhere
     * @param heldUntil until when the motion of a sticky one goes on without a lease; null for all others
     */
    record Settled(
            @Nullable Cut cut,
            @Nullable StopReport stop,
            @Nullable Instant heldUntil) {

        static final Settled PLAIN = new Settled(null, null, null);
    }
}
