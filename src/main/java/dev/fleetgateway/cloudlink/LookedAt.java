package dev.fleetgateway.cloudlink;

import dev.fleetgateway.cloud.CloudView;
import dev.fleetgateway.cloudlink.Heartbeat.Phase;
import dev.fleetgateway.cloudlink.Sync.Evidence;
import dev.fleetgateway.cloudlink.Sync.Source;
import dev.fleetgateway.cloudlink.Verdict.Known;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.uplink.Uplink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All that was looked at for a verdict, as its evidence. Pure. */
final class LookedAt {

    private LookedAt() {}

    /** What was trusted most first. */
    static List<Evidence> evidence(Known known) {
        List<Evidence> all = new ArrayList<>();
        MachineReport report = known.report();
        Heartbeat heartbeat = known.heartbeat();
        if (heartbeat != null && Management.of(report) != Management.NONE) {
            all.add(new Evidence(
                    Source.CONFIG_HEARTBEAT, heartbeat.last().moment().at(), beats(known, heartbeat)));
        }
        if (report != null) {
            Instant listed = report.resourcesObservedAt();
            switch (Capture.of(report)) {
                case Capture.There _ ->
                    all.add(new Evidence(Source.DATA_MANAGER, listed, "the machine lists a data manager"));
                case Capture.NotReady(var why) ->
                    all.add(new Evidence(
                            Source.DATA_MANAGER, listed, "the machine lists a data manager, which is " + why));
                case Capture.None _ ->
                    all.add(new Evidence(
                            Source.DATA_MANAGER, listed, "of what the machine lists, nothing is a data manager"));
                case Capture.NotSaid _ -> {}
            }
            switch (Management.of(report)) {
                case MANAGED ->
                    all.add(new Evidence(
                            Source.CLOUD_METADATA,
                            report.observedAt(),
                            "the machine has the part id " + report.partId()));
                case NONE ->
                    all.add(new Evidence(Source.CLOUD_METADATA, report.observedAt(), "the machine has no part id"));
                case NOT_SAID -> {}
            }
        }
        if (known.cloud() != null) {
            all.addAll(all.isEmpty() ? 0 : 1, cloud(known, known.cloud()));
        } else if (!known.cloudTrouble().isEmpty()) {
            all.add(all.isEmpty() ? 0 : 1, new Evidence(Source.CLOUD, null, known.cloudTrouble()));
        }
        Route route = known.reach().route();
        all.add(new Evidence(
                Source.ROUTE,
                known.reach().since(),
                route == null
                        ? "not reached: " + known.reach().why()
                        : "reached by " + route.kind() + ", which says nothing of its cloud"));
        if (known.uplink().state() == Uplink.State.DOWN) {
            all.add(new Evidence(
                    Source.UPLINK, known.uplink().since(), "the gateway's own way to the internet is down"));
        }
        return all;
    }

    private static List<Evidence> cloud(Known known, CloudView view) {
        String online = switch (view.online()) {
            case ONLINE -> "the cloud says online";
            case OFFLINE ->
                view.lastAccess() == null
                        ? "the cloud says offline"
                        : "the cloud says offline, last heard " + known.clock(view.lastAccess());
            case AWAITING_SETUP -> "the cloud has never heard of it";
            case NOT_SAID -> "the cloud does not say whether it is online";
        };
        Evidence said = new Evidence(Source.CLOUD, view.observedAt(), online);
        CloudView.SyncSwitch sync = view.sync();
        return sync == null
                ? List.of(said)
                : List.of(
                        said,
                        new Evidence(
                                Source.CLOUD,
                                sync.readAt(),
                                "its configuration in the cloud has sync switched " + (sync.on() ? "on" : "off")));
    }

    /** In words that stay as they are from move to move. */
    private static String beats(Known known, Heartbeat heartbeat) {
        String every = heartbeat.rhythm().map(rhythm -> seconds(rhythm)).orElse("");
        return switch (heartbeat.phase()) {
            case Phase.Contact _ -> "advances every " + every;
            case Phase.Away _ ->
                "last advanced " + known.clock(heartbeat.moved().at())
                        + (every.isEmpty() ? "" : ", every " + every + " before");
            case Phase.Learning _ ->
                heartbeat.moves() == 0
                        ? "has not advanced since "
                                + known.clock(heartbeat.moved().at())
                        : "advanced once, " + known.clock(heartbeat.moved().at());
        };
    }

    private static String seconds(Duration rhythm) {
        return Math.round(rhythm.toMillis() / 1000.0) + " s";
    }
}
