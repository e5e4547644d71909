package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A call under way. */
public interface PendingCall {

    /** The id of its operation at the machine, set by the gateway. */
    String operation();

    /** Completes with the answer, or with a {@code ProblemException}. Always completes, at the call's deadline at the latest. */
    CompletableFuture<Answer> answer();

    /** Ends the call, not what it may have set in motion: its answer becomes {@code call-cancelled}. */
    void cancel();

    /**
     * What a machine answered.
     *
     * @param json the response as proto3 JSON in UTF-8, fields at their default included
     * @param route the kind of route that carried it
     * @param took from when the call was sent to when the answer was there
     */
    record Answer(ByteString json, String operation, String route, Duration took) {}
}
