package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call under way. */
public interface PendingCall {

    /** The id of its operation at the machine, set by the gateway. */
    String operation();

    /** Completes with the answer, or with a {@code ProblemException}. Always completes, at the call's deadline at the latest. */
    CompletableFuture<Answer> answer();

    /**
     * Ends the call: its answer becomes {@code call-cancelled}, or {@code call-interrupted} where the machine answered all the same. What a
     * command has set in motion is stopped.
     */
    void cancel();

    /**
     * What a machine answered.
     *
     * @param json the response as proto3 JSON in UTF-8, fields at their default included
     * @param route the kind of route that carried it
     * @param heldUntil until when the motion of a sticky command without a lease goes on; null for all others
     * @param took from when the call was sent to when the answer was there
     */
    record Answer(
            ByteString json,
            String operation,
            String route,
            @Nullable Instant heldUntil,
            Duration took) {}
}
