package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Way;
import java.util.List;

/** The dialers there are, each for its own kind of way. */
record Dialers(List<Dialer> all) {

    /** Begins to dial by the one that takes this way. */
    Dialer.Dial dial(Machine machine, Way way, Dialer.Listener listener) {
        for (Dialer dialer : all) {
            if (dialer.takes(way)) {
                return dialer.dial(machine, way, listener);
            }
        }
        throw new IllegalStateException("nothing here dials " + way.candidate().address());
    }
}
