package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.Metadata;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The calls in progress on one machine, by the identifier that callers may choose themselves. */
final class Operations {

    /** Carries the identifier in both directions. */
    static final Metadata.Key<String> OPID = Metadata.Key.of("opid", Metadata.ASCII_STRING_MARSHALLER);

    /** Beyond so many a call still runs, but is not listed and cannot be cancelled by others. */
    private static final int MOST_LISTED = 4_096;

    private final Time time;
    private final ConcurrentHashMap<String, Operation> running = new ConcurrentHashMap<>();

    Operations(Time time) {
        this.time = time;
    }

    /** Enters a call. Of two with one identifier only the first is listed, as on a real machine. */
    Operation begin(String id, String method, @Nullable String session) {
        Operation operation = new Operation(id, method, time.now(), session);
        if (running.size() < MOST_LISTED) {
            running.putIfAbsent(id, operation);
        }
        return operation;
    }

    /** Takes a call off the list and lets those go who waited for it. */
    void end(Operation operation) {
        running.remove(operation.id(), operation);
        operation.end();
    }

    /** A running call by its identifier, in any form. */
    Optional<Operation> find(String id) {
        try {
            return Optional.ofNullable(running.get(Uuids.canonical(id)));
        } catch (Refusal noUuid) {
            return Optional.empty();
        }
    }

    /** All that run, but for the one that asks. */
    List<Operation> allBut(Operation asking) {
        return running.values().stream()
                .filter(operation -> operation != asking)
                .toList();
    }

    /** The identifier a caller chose, in lower case, or a random one where he chose none, two, or junk. */
    static String idFrom(Metadata headers) {
        Iterable<String> chosen = headers.getAll(OPID);
        if (chosen == null) {
            return Uuids.random();
        }
        Iterator<String> values = chosen.iterator();
        String first = values.next();
        if (values.hasNext()) {
            return Uuids.random();
        }
        try {
            return Uuids.canonical(first);
        } catch (Refusal noUuid) {
            return Uuids.random();
        }
    }
}
