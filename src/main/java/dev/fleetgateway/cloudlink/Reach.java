package dev.fleetgateway.cloudlink;

import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.route.Route;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a machine is reached.
 *
 * @param since when it became so
 * @param why in words, where it is not reached
 * @param route null where it is not reached
 */
record Reach(
        boolean reached,
        Instant since,
        String why,
        @Nullable Route route) {

    static Reach of(Connection.Snapshot known) {
        return new Reach(
                known.state().ready(), known.state().since(), known.state().reason(), known.route());
    }
}
