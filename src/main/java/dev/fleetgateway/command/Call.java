package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import dev.fleetgateway.access.Visit;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants called.
 *
 * @param json the request as proto3 JSON in UTF-8; empty bytes mean no fields
 * @param timeout how long the machine has; null for the default
 * @param metadata user metadata to be passed on, keys lower case
 * @param viaGet whether it came as an HTTP GET, which is for READs whose HTTP rule is a {@code get}
 * @param who who calls, for limits, leases and the record
 * @param lease the id of the lease that came with it, a secret; null for none
 * @param hold how long the motion of a sticky command may last without a lease; null for none
 * @param session the {@code viam-sid} of a caller who keeps sessions himself, a secret; null for none
 * @param present whether the caller is still there, as far as his door knows; asked right before what may move something is sent
 */
public record Call(
        String machine,
        Target target,
        String method,
        ByteString json,
        @Nullable Duration timeout,
        Map<String, String> metadata,
        boolean viaGet,
        Visit who,
        @Nullable String lease,
        @Nullable Duration hold,
        @Nullable String session,
        BooleanSupplier present) {

    /** Copies the metadata. */
    public Call {
        metadata = Map.copyOf(metadata);
    }

    /** The same, from a caller who is there as long as the given says so. */
    public Call whilePresent(BooleanSupplier there) {
        return new Call(machine, target, method, json, timeout, metadata, viaGet, who, lease, hold, session, there);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return method + " of " + target + " on " + machine + " by " + who.caller();
    }
}
