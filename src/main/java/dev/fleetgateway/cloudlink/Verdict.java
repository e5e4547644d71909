package dev.fleetgateway.cloudlink;

import dev.fleetgateway.cloud.CloudView;
import dev.fleetgateway.cloud.CloudView.Online;
import dev.fleetgateway.cloudlink.Heartbeat.Phase;
import dev.fleetgateway.cloudlink.Sync.Confidence;
import dev.fleetgateway.cloudlink.Sync.State;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.connection.MachineReport.Lifecycle;
import dev.fleetgateway.time.Moment;
import dev.fleetgateway.uplink.Uplink;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What is said of a machine's sync, from all that is known of it. Pure. */
final class Verdict {

    /** Uploads came back 53 s after the cloud did (seen live), and a collector waits up to a minute. */
    static final Duration LAGGING = Duration.ofSeconds(70);

    /** By how much the cloud may be late to say that a machine is offline; its rules are not known. */
    private static final Duration CLOUD_LATE = Duration.ofMinutes(5);

    /** The machine is asked every 11 s at the least, and one answer may be missed. */
    private static final Duration UNHEARD = Duration.ofSeconds(45);

    private static final Duration DAYLESS = Duration.ofHours(12);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private Verdict() {}

    /**
     * What is known of a machine at one moment.
     *
     * @param report what it last said, kept while it is away; null if it never answered
     * @param heartbeat null where it never told of its configuration
     * @param cloud what the cloud says; null where it is not asked, or did not answer lately
     * @param cloudTrouble why the cloud does not answer; empty where it does, or is not asked
     * @param uplink the gateway's own, which no machine is blamed for
     */
    record Known(
            Reach reach,
            @Nullable MachineReport report,
            @Nullable Heartbeat heartbeat,
            @Nullable CloudView cloud,
            String cloudTrouble,
            Uplink uplink,
            Moment now) {

        /** The time of day, and the day as well where that would not be clear. */
        String clock(Instant moment) {
            boolean lately = Duration.between(moment, now.at()).abs().compareTo(DAYLESS) < 0;
            return (lately ? CLOCK : DAY).format(moment);
        }

        /** Whether the cloud says that. While the gateway's own uplink is down, no verdict rests on its view. */
        private boolean cloudSays(CloudView.Online online) {
            return cloud != null && uplink.state() != Uplink.State.DOWN && cloud.online() == online;
        }

        private boolean cloudSaysSwitched(boolean on) {
            return cloud != null
                    && uplink.state() != Uplink.State.DOWN
                    && cloud.sync() != null
                    && cloud.sync().on() == on;
        }
    }

    static Sync of(Known known) {
        Management management = Management.of(known.report);
        MachineReport report = known.report;
        if (management == Management.NONE) {
            return known.reach.reached()
                    ? verdict(
                            known,
                            State.NOT_APPLICABLE,
                            known.now.at(),
                            Confidence.MEDIUM,
                            "no cloud manages this machine, so there is nothing it would upload to")
                    : verdict(
                            known,
                            State.NOT_APPLICABLE,
                            known.now.at(),
                            Confidence.LOW,
                            "when last seen, no cloud managed this machine, so that there was nothing it would upload to; it is not reached ("
                                    + known.reach.why() + ")");
        }
        if (!known.reach.reached()) {
            return unreached(known);
        }
        if (report == null || report.lifecycle() == Lifecycle.INITIALIZING) {
            return unknown(known, "the machine is still starting");
        }
        return switch (Capture.of(report)) {
            case Capture.None _ ->
                verdict(
                        known,
                        State.NOT_APPLICABLE,
                        known.now.at(),
                        Confidence.MEDIUM,
                        "the machine has no data manager, so it captures nothing to upload");
            case Capture.NotSaid _ ->
                unknown(known, "the machine does not list what it has, so a data manager may be there or not");
            case Capture.NotReady(var why) ->
                unknown(known, "its data manager is %s; so it may capture and upload nothing".formatted(why));
            case Capture.There _ -> {
                if (known.cloudSaysSwitched(false)) {
                    yield verdict(
                            known,
                            State.DISABLED,
                            known.now.at(),
                            Confidence.MEDIUM,
                            "the machine's configuration in the Viam cloud switches data sync off");
                }
                Heartbeat heartbeat = known.heartbeat;
                if (heartbeat == null) {
                    yield withoutHeartbeat(known);
                }
                yield known.now.since(heartbeat.last().moment()).compareTo(UNHEARD) > 0
                        ? unknown(
                                known,
                                "the machine answers, but has not told of its contact with the Viam cloud since %s%s"
                                        .formatted(
                                                known.clock(heartbeat
                                                        .last()
                                                        .moment()
                                                        .at()),
                                                report.lifecycleReason().isEmpty()
                                                        ? ""
                                                        : " (" + report.lifecycleReason() + ")"))
                        : byHeartbeat(known, heartbeat, busy(report));
            }
        };
    }

    private static Sync byHeartbeat(Known known, Heartbeat heartbeat, String busy) {
        return switch (heartbeat.phase()) {
            case Phase.Contact(var since, var again, var _) -> {
                boolean lagging = again && known.now.since(since).compareTo(LAGGING) < 0;
                boolean agreed = known.cloudSays(Online.ONLINE) && known.cloudSaysSwitched(true);
                yield verdict(
                        known,
                        State.ACTIVE,
                        since.at(),
                        agreed ? Confidence.HIGH : known.cloudSays(Online.OFFLINE) ? Confidence.LOW : Confidence.MEDIUM,
                        "in contact with the Viam cloud since %s, seen from the machine itself%s"
                                .formatted(
                                        known.clock(since.at()),
                                        lagging
                                                ? "; uploads may lag for %d s".formatted(LAGGING.toSeconds())
                                                : known.cloudSaysSwitched(true)
                                                        ? ", and its configuration there has sync switched on"
                                                        : "; whether sync is switched on cannot be seen from here"));
            }
            case Phase.Away _
            when !busy.isEmpty() ->
                unknown(
                        known,
                        "no sign of contact with the Viam cloud since %s, which may be because %s"
                                .formatted(known.clock(heartbeat.moved().at()), busy));
            case Phase.Away(var since, var learned)
            when !learned && Management.of(known.report) == Management.NOT_SAID ->
                unknown(
                        known,
                        "the machine does not say whether a cloud manages it, and shows no contact with one since "
                                + known.clock(since.at()));
            case Phase.Away(var since, var _)
            when known.cloudSays(Online.ONLINE) && known.now.since(since).compareTo(CLOUD_LATE) > 0 ->
                unknown(
                        known,
                        "the machine itself shows no contact with the Viam cloud since %s, but the cloud says that it is online; something may keep it from taking its configuration, such as a maintenance sensor"
                                .formatted(known.clock(since.at())));
            case Phase.Away(var since, var learned) ->
                verdict(
                        known,
                        State.PAUSED,
                        since.at(),
                        known.cloudSays(Online.OFFLINE)
                                ? Confidence.HIGH
                                : learned ? Confidence.MEDIUM : Confidence.LOW,
                        away(known, since, learned, heartbeat));
            case Phase.Learning _
            when !busy.isEmpty() ->
                unknown(known, "it is not known whether the machine is in contact with the Viam cloud, since " + busy);
            case Phase.Learning _ ->
                unknown(
                        known,
                        "it is not known yet whether the machine is in contact with the Viam cloud: %s; contact counts as lost once it has stood still for %d s"
                                .formatted(
                                        heartbeat.moves() == 0
                                                ? "its heartbeat has not moved since "
                                                        + known.clock(heartbeat
                                                                .moved()
                                                                .at())
                                                : "its heartbeat moved once, at "
                                                        + known.clock(heartbeat
                                                                .moved()
                                                                .at())
                                                        + ", and must go on",
                                        heartbeat.limit().toSeconds()));
        };
    }

    private static String away(Known known, Moment since, boolean learned, Heartbeat heartbeat) {
        String sign = heartbeat.moves() > 0 && heartbeat.moved().since(since).isPositive()
                ? "there was one sign of it at %s, and a second is waited for"
                        .formatted(known.clock(heartbeat.moved().at()))
                : "once the internet is back, it may take the machine up to 2.5 min to notice";
        return "no contact with the Viam cloud since %s, %s; data capture goes on, upload waits; %s"
                .formatted(
                        known.clock(since.at()),
                        learned
                                ? "seen from the machine itself"
                                : "as far as the machine itself tells, whose rhythm has not been seen",
                        sign);
    }

    /** By the cloud's word alone, which is not trusted with more than it can know. */
    private static Sync withoutHeartbeat(Known known) {
        if (known.cloudSays(Online.ONLINE)) {
            return verdict(
                    known,
                    State.ACTIVE,
                    known.now.at(),
                    Confidence.LOW,
                    "the Viam cloud says that the machine is online; the machine itself does not tell");
        }
        return unknown(known, "this viam-server does not tell when it last heard from its cloud");
    }

    private static Sync unreached(Known known) {
        if (known.cloudSays(Online.ONLINE) && Capture.of(known.report) instanceof Capture.There) {
            return known.cloudSaysSwitched(false)
                    ? verdict(
                            known,
                            State.DISABLED,
                            known.now.at(),
                            Confidence.LOW,
                            "the machine's configuration in the Viam cloud switches data sync off; the machine itself is not reached ("
                                    + known.reach.why() + ")")
                    : verdict(
                            known,
                            State.ACTIVE,
                            known.now.at(),
                            Confidence.LOW,
                            "the Viam cloud says that the machine is online; the machine itself is not reached ("
                                    + known.reach.why() + ")");
        }
        return verdict(known, State.UNKNOWN, known.reach.since(), Confidence.LOW, unreachedWords(known));
    }

    private static String unreachedWords(Known known) {
        String last = known.cloudSays(Online.OFFLINE)
                ? "; the Viam cloud does not hear it either, so it may be off"
                : known.heartbeat == null
                        ? ""
                        : switch (known.heartbeat.phase()) {
                            case Phase.Contact _ -> "; when last seen, it was in contact with the Viam cloud";
                            case Phase.Away(var since, var _) ->
                                "; when last seen, it had no contact with the Viam cloud since "
                                        + known.clock(since.at());
                            case Phase.Learning _ -> "";
                        };
        String own = known.uplink.state() == Uplink.State.DOWN
                ? "the gateway's own way to the internet is down since %s and "
                        .formatted(known.clock(known.uplink.since()))
                : "";
        return "%sthe machine is not reached (%s), so nothing is known of its contact with the Viam cloud%s"
                .formatted(own, known.reach.why(), last);
    }

    /** What a machine may be doing that keeps it from reading its configuration though the cloud is there; empty for nothing. */
    private static String busy(MachineReport report) {
        MachineReport.Configuration configuration = report.configuration();
        return configuration == null ? "" : configuration.busy();
    }

    private static Sync unknown(Known known, String reason) {
        return verdict(known, State.UNKNOWN, known.now.at(), Confidence.LOW, reason);
    }

    private static Sync verdict(Known known, State state, Instant since, Confidence confidence, String reason) {
        return new Sync(state, since, reason, confidence, LookedAt.evidence(known));
    }
}
