package dev.fleetgateway.status;

import dev.fleetgateway.cloudlink.Sync;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.ConnectionState;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.lease.LeaseView;
import dev.fleetgateway.status.MachinePicture.Candidate;
import dev.fleetgateway.status.MachinePicture.Freshness;
import dev.fleetgateway.status.MachinePicture.Lifecycle;
import dev.fleetgateway.status.MachinePicture.Operations;
import dev.fleetgateway.status.MachinePicture.Resources;
import dev.fleetgateway.status.MachinePicture.Route;
import dev.fleetgateway.status.MachinePicture.Software;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How what the rooms know is put into the words of the contract. Pure. */
final class Shown {

    private Shown() {}

    static MachinePicture picture(
            Connection.Snapshot known,
            String owner,
            Sync sync,
            Freshness freshness,
            Lifecycle lifecycle,
            Motion motion,
            @Nullable LastStop lastStop,
            Moving moving) {
        MachineReport report = known.report();
        return new MachinePicture(
                known.machine().name(),
                known.machine().address().toString(),
                known.machine().labels(),
                owner,
                moving.sameAs(),
                freshness,
                report == null ? null : at(report.observedAt()),
                connection(known.state()),
                known.route() == null ? null : route(known, known.route()),
                sync,
                software(report),
                lifecycle,
                resources(report),
                moving.lease() == null ? null : lease(moving.lease()),
                motion,
                lastStop,
                new Operations(moving.inFlight()));
    }

    static MachinePicture.Lease lease(LeaseView lease) {
        return new MachinePicture.Lease(
                lease.holder(),
                lease.sequence(),
                at(lease.since()),
                at(lease.expiresAt()),
                lease.protection().name(),
                lease.implicit());
    }

    static Ways ways(Connection.Snapshot known) {
        return new Ways(
                known.route() == null ? null : route(known, known.route()),
                known.machine().routePolicy(),
                candidates(known));
    }

    /** Every way known to a machine, in the order it is worth trying. */
    private static List<Candidate> candidates(Connection.Snapshot known) {
        return known.candidates().stream()
                .map(candidate -> new Candidate(
                        candidate.kind(),
                        candidate.via(),
                        candidate.transport(),
                        candidate.state(),
                        candidate.reason(),
                        candidate.triedAt() == null ? null : at(candidate.triedAt())))
                .toList();
    }

    /** To the millisecond: no finer clock is behind it, and no reader has a use for more. */
    static Instant at(Instant moment) {
        return moment.truncatedTo(ChronoUnit.MILLIS);
    }

    private static MachinePicture.Connection connection(ConnectionState state) {
        Instant next = state instanceof ConnectionState.TransientFailure failure ? at(failure.nextAttemptAt()) : null;
        return new MachinePicture.Connection(state.word(), at(state.since()), state.reason(), state.attempts(), next);
    }

    private static Route route(Connection.Snapshot known, dev.fleetgateway.route.Route route) {
        return new Route(
                route.kind(),
                route.via(),
                route.transport(),
                route.peer(),
                at(route.since()),
                route.reason(),
                known.report() == null ? null : millis(known.report().rtt()),
                known.machine().routePolicy(),
                candidates(known));
    }

    private static Software software(@Nullable MachineReport report) {
        MachineReport.Software software = report == null ? null : report.software();
        return software == null
                ? new Software(null, null, null)
                : new Software(software.platform(), software.version(), software.api());
    }

    private static Resources resources(@Nullable MachineReport report) {
        if (report == null || report.resourcesObservedAt() == null) {
            return new Resources(0, 0, null);
        }
        Instant observed = at(report.resourcesObservedAt());
        long unhealthy = report.resources().stream()
                .filter(resource -> resource.state().equals("UNHEALTHY"))
                .count();
        return new Resources(report.resources().size(), (int) unhealthy, observed);
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 100_000.0) / 10.0;
    }
}
