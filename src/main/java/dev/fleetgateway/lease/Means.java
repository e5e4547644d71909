package dev.fleetgateway.lease;

import dev.fleetgateway.access.Audit;
import dev.fleetgateway.session.MachineSession;
import dev.fleetgateway.session.SessionSettings;
import dev.fleetgateway.time.Time;
import java.util.function.BooleanSupplier;

/** What every desk works with. */
record Means(
        Time time,
        LeaseSettings leases,
        SessionSettings sessions,
        MachineSession.Beats beats,
        Audit audit,
        EndedLeases ended,
        Leases.Listener news,
        BooleanSupplier draining) {}
