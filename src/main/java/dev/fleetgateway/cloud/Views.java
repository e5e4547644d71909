package dev.fleetgateway.cloud;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.fleetgateway.cloud.CloudView.SyncSwitch;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import viam.app.v1.GetRobotPartResponse;
import viam.app.v1.OnlineState;
import viam.app.v1.PartSummary;

/** What the cloud said of the parts that are wanted, until that is too old. As bounded as they are; may be read by many threads. */
final class Views {

    /** Until a configuration that could not be read is asked for again; what it said before stands until then, with its time. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private static final String DATA_MANAGER = "rdk:service:data_manager";

    private final Time time;
    private final Duration fresh;
    private final Duration refresh;
    private final Map<String, Seen> views = new ConcurrentHashMap<>();
    private final Map<String, Configured> configured = new ConcurrentHashMap<>();

    /** A view, and when it was taken: a reading of {@link Time#nanos()}. */
    private record Seen(CloudView view, long nanos) {}

    /**
     * What a part's configuration said.
     *
     * @param asked when it was last asked for, a reading of {@link Time#nanos()}
     * @param valid for how long it need not be asked for again
     */
    private record Configured(@Nullable SyncSwitch sync, long asked, Duration valid) {}

    /**
     * Of nobody yet.
     *
     * @param fresh how old a view may be
     * @param refresh how old a configuration may be before it is read again
     */
    Views(Time time, Duration fresh, Duration refresh) {
        this.time = time;
        this.fresh = fresh;
        this.refresh = refresh;
    }

    /** The view of a part; empty where there is none that is not too old. */
    Optional<CloudView> of(String partId) {
        Seen seen = views.get(partId);
        return seen == null || isOld(seen) ? Optional.empty() : Optional.of(seen.view());
    }

    private boolean isOld(Seen seen) {
        return time.since(seen.nanos()).compareTo(fresh) > 0;
    }

    /** Forgets all other parts. */
    void keep(Set<String> parts) {
        views.keySet().retainAll(parts);
        configured.keySet().retainAll(parts);
    }

    /** Takes in a list of all parts that the cloud knows; of which of these it sees something else now. */
    Set<String> listed(Map<String, PartSummary> found, Set<String> parts) {
        Set<String> changed = new HashSet<>();
        for (String part : parts) {
            PartSummary summary = found.get(part);
            if (summary == null) {
                if (views.remove(part) != null) {
                    changed.add(part);
                }
                continue;
            }
            Configured config = configured.get(part);
            CloudView view = new CloudView(
                    online(summary.getOnlineState()),
                    summary.hasLastAccess() ? instant(summary.getLastAccess()) : null,
                    config == null ? null : config.sync(),
                    time.now());
            Seen before = views.put(part, new Seen(view, time.nanos()));
            if (before == null || before.view().online() != view.online()) {
                changed.add(part);
            }
        }
        return changed;
    }

    /** Whose configuration is to be read, the one that waits longest first. */
    Deque<String> due(Set<String> parts) {
        record Waiting(String part, Duration since) {}
        Deque<String> due = new ArrayDeque<>();
        parts.stream()
                .map(part -> {
                    Configured known = configured.get(part);
                    if (known == null) {
                        return new Waiting(part, Duration.ofDays(36500));
                    }
                    return new Waiting(part, time.since(known.asked()).minus(known.valid()));
                })
                .filter(each -> !each.since().isNegative())
                .sorted(Comparator.comparing(Waiting::since).reversed())
                .forEach(each -> due.add(each.part()));
        return due;
    }

    /** Takes in what came of asking for a part's configuration; whether it says something else now. */
    boolean read(String part, Reply<GetRobotPartResponse> reply) {
        Configured before = configured.get(part);
        SyncSwitch known = before == null ? null : before.sync();
        Configured now = switch (reply) {
            case Reply.Given<GetRobotPartResponse>(var answer, var _) ->
                new Configured(sync(answer.getPart().getRobotConfig(), time.now()), time.nanos(), refresh);
            case Reply.Refused<GetRobotPartResponse> _,
                    Reply.Nonsense<GetRobotPartResponse> _,
                    Reply.Lost<GetRobotPartResponse> _ -> new Configured(known, time.nanos(), AGAIN);
        };
        configured.put(part, now);
        views.computeIfPresent(part, (_, seen) -> {
            CloudView view = seen.view();
            return new Seen(
                    new CloudView(view.online(), view.lastAccess(), now.sync(), view.observedAt()), seen.nanos());
        });
        return known == null
                ? now.sync() != null
                : now.sync() == null || now.sync().on() != known.on();
    }

    /** Forgets the views that are too old; whose they were. */
    Set<String> expire() {
        Set<String> old = new HashSet<>();
        views.forEach((part, seen) -> {
            if (isOld(seen)) {
                old.add(part);
            }
        });
        views.keySet().removeAll(old);
        return old;
    }

    /** Whether a data manager is there that is told not to sync; null where there is none, since modules may bring others. */
    private static @Nullable SyncSwitch sync(Struct config, Instant now) {
        for (Value each : list(config, "services")) {
            Struct service = each.getStructValue();
            if (text(service, "api").equals(DATA_MANAGER)
                    || text(service, "type").equals("data_manager")) {
                boolean off = service.getFieldsOrDefault("attributes", Value.getDefaultInstance())
                        .getStructValue()
                        .getFieldsOrDefault("sync_disabled", Value.getDefaultInstance())
                        .getBoolValue();
                return new SyncSwitch(!off, now);
            }
        }
        return null;
    }

    private static List<Value> list(Struct in, String field) {
        return in.getFieldsOrDefault(field, Value.getDefaultInstance())
                .getListValue()
                .getValuesList();
    }

    private static String text(Struct in, String field) {
        return in.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
    }

    private static CloudView.Online online(OnlineState state) {
        return switch (state) {
            case ONLINE_STATE_ONLINE -> CloudView.Online.ONLINE;
            case ONLINE_STATE_OFFLINE -> CloudView.Online.OFFLINE;
            case ONLINE_STATE_AWAITING_SETUP -> CloudView.Online.AWAITING_SETUP;
            case ONLINE_STATE_UNSPECIFIED, UNRECOGNIZED -> CloudView.Online.NOT_SAID;
        };
    }

    private static Instant instant(Timestamp stamp) {
        return Instant.ofEpochSecond(stamp.getSeconds(), stamp.getNanos());
    }
}
