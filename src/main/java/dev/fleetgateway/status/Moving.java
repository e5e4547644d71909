package dev.fleetgateway.status;

import dev.fleetgateway.lease.LeaseView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who moves a machine through this gateway now.
 *
 * @param inFlight calls that have not ended
 * @param lease null where nobody holds it
 * @param sameAs other names of the same machine
 */
record Moving(int inFlight, @Nullable LeaseView lease, List<String> sameAs) {

    /** Nobody. */
    static final Moving NOTHING = new Moving(0, null, List.of());
}
