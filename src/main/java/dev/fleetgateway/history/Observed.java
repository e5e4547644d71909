package dev.fleetgateway.history;

import dev.fleetgateway.cloudlink.Sync;
import dev.fleetgateway.status.MachinePicture;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a picture says of one part of a machine. Pure.
 *
 * @param since since when, as far as the picture knows
 * @param meaning what beside the standing makes it another one
 */
record Observed(Standing standing, Instant since, String reason, String meaning) {

    // A reason may name a cause at length; nobody needs more of it to know what happened.
    private static final int LONGEST_REASON = 500;

    private static final Pattern PASSING = Pattern.compile("[0-9]+(?:[.,:][0-9]+)*|\\([^)]*\\)");

    Observed {
        since = since.truncatedTo(ChronoUnit.MILLIS);
        reason = clean(reason);
    }

    Observed(Standing standing, Instant since, String reason) {
        this(standing, since, reason, "");
    }

    static Observed of(MachinePicture machine, Part part, Instant now) {
        return switch (part) {
            case CONNECTION ->
                new Observed(
                        Standing.of(machine.connection().state()),
                        machine.connection().since(),
                        machine.connection().reason());
            case ROUTE -> route(machine, now);
            case SYNC -> sync(machine.sync());
            case LEASE -> lease(machine.lease(), now);
            case LIFECYCLE ->
                new Observed(
                        Standing.of(machine.lifecycle().state().name()),
                        machine.lifecycle().since(),
                        machine.lifecycle().reason());
        };
    }

    private static Observed route(MachinePicture machine, Instant now) {
        MachinePicture.Route route = machine.route();
        if (route == null) {
            MachinePicture.Connection connection = machine.connection();
            boolean connected = connection.state().equals("READY");
            return new Observed(
                    Standing.of("NONE"),
                    connected ? now : connection.since(),
                    "nothing carries: " + connection.reason());
        }
        return new Observed(
                Standing.route(
                        route.kind().name(),
                        route.via().name(),
                        route.transport().name(),
                        clean(route.peer())),
                route.since(),
                route.reason());
    }

    // Its state may stay while its cause is another. The numbers in a reason move with every look, and what stands in
    // brackets is
    // the cause of the cause; of a sync that runs nobody asks why.
    private static Observed sync(Sync sync) {
        String meaning = sync.state() == Sync.State.ACTIVE
                ? ""
                : PASSING.matcher(sync.reason()).replaceAll("#");
        return new Observed(Standing.of(sync.state().name()), sync.since(), sync.reason(), meaning);
    }

    // A lease that is given for calls alone begins and ends with them: a caller without one would fill the history with
    // his
    // calls, which are in the audit log.
    private static Observed lease(MachinePicture.@Nullable Lease lease, Instant now) {
        return lease == null || lease.implicit()
                ? new Observed(Standing.of("FREE"), now, "nobody holds it")
                : new Observed(
                        Standing.lease(clean(lease.holder()), lease.sequence(), lease.protection()),
                        lease.since(),
                        "held by " + lease.holder());
    }

    // Reasons hold words of machines and their networks, and no database takes just any of them.
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(LONGEST_REASON)
                .map(point ->
                        Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE ? ' ' : point)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
