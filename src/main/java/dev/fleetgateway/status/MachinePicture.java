package dev.fleetgateway.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.fleetgateway.cloudlink.Sync;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.machine.RoutePolicy;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One machine as callers see it: the members of section 2 of the contract, in their order, and nothing else. Immutable.
 *
 * @param owner the replica that watches it
 * @param sameAs other names of the same machine
 * @param observedAt when the machine last answered, null if it never did
 * @param route null where nothing carries
 * @param lease null where nobody holds it
 * @param lastStop null where it was not stopped through this gateway
 */
public record MachinePicture(
        String name,
        String address,
        Map<String, String> labels,
        String owner,
        List<String> sameAs,
        Freshness freshness,
        @Nullable Instant observedAt,
        Connection connection,
        @Nullable Route route,
        Sync sync,
        Software software,
        Lifecycle lifecycle,
        Resources resources,
        @Nullable Lease lease,
        Motion motion,
        @Nullable LastStop lastStop,
        Operations operations) {

    /** Copies the collections; labels are ordered by key, so that equal pictures are equal bytes. */
    public MachinePicture {
        SortedMap<String, String> sorted = new TreeMap<>(labels);
        labels = Collections.unmodifiableSortedMap(sorted);
        sameAs = List.copyOf(sameAs);
    }

    /**
     * The same without what moves with every look: two pictures that differ in nothing else are no change to the feed.
     */
    MachinePicture steady() {
        return new MachinePicture(
                name,
                address,
                labels,
                owner,
                sameAs,
                freshness,
                null,
                new Connection(connection.state, connection.since, connection.reason, 0, null),
                route == null ? null : route.steady(),
                sync.steady(),
                software,
                lifecycle,
                new Resources(resources.count, resources.unhealthy, null),
                lease == null ? null : lease.steady(),
                motion.steady(),
                lastStop,
                operations);
    }

    /** Whether the picture is kept current. */
    public record Freshness(State state, Instant since) {

        /** Kept current, or not. */
        public enum State {
            /** The machine answered within the last two polls. */
            LIVE,
            /** It did not: what is shown is what was known then. */
            STALE
        }
    }

    /** The connection, its state in gRPC's words. */
    public record Connection(
            String state,
            Instant since,
            String reason,
            int attempts,
            @Nullable Instant nextAttemptAt) {}

    /** The route in use, beside every way known. */
    public record Route(
            dev.fleetgateway.route.Route.Kind kind,
            dev.fleetgateway.route.Route.Via via,
            dev.fleetgateway.route.Route.Transport transport,
            String peer,
            Instant since,
            String reason,
            @Nullable Double rttMillis,
            RoutePolicy policy,
            List<Candidate> candidates) {

        /** Copies the list. */
        public Route {
            candidates = List.copyOf(candidates);
        }

        private Route steady() {
            return new Route(
                    kind,
                    via,
                    transport,
                    peer,
                    since,
                    reason,
                    null,
                    policy,
                    candidates.stream().map(Candidate::steady).toList());
        }
    }

    /** A way that may lead to the machine. */
    public record Candidate(
            dev.fleetgateway.route.Route.@Nullable Kind kind,
            dev.fleetgateway.route.Route.Via via,
            dev.fleetgateway.route.Route.Transport transport,
            dev.fleetgateway.route.Candidate.State state,
            String reason,
            @Nullable Instant triedAt) {

        private Candidate steady() {
            return new Candidate(kind, via, transport, state, reason, null);
        }
    }

    /** What runs there; nulls until the machine said. */
    public record Software(
            @Nullable String platform,
            @Nullable String version,
            @Nullable String api) {}

    /** How far the machine is in its own life. */
    public record Lifecycle(MachineReport.Lifecycle state, Instant since, String reason) {}

    /** How many resources it has and how many of them are unhealthy. */
    public record Resources(
            int count, int unhealthy, @Nullable Instant observedAt) {}

    /**
     * Who may move it.
     *
     * @param implicit whether it is for calls without a lease, and ends with them; not told to callers
     */
    public record Lease(
            String holder,
            long sequence,
            Instant since,
            @Nullable Instant expiresAt,
            String protection,
            @JsonIgnore boolean implicit) {

        private Lease steady() {
            return new Lease(holder, sequence, since, null, protection, implicit);
        }
    }

    /** Calls through this gateway that have not ended. */
    public record Operations(int inFlight) {}
}
