package dev.fleetgateway.cloud;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.time.Time;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import viam.app.v1.AppServiceGrpc;
import viam.app.v1.GetRobotPartRequest;
import viam.app.v1.GetRobotPartResponse;
import viam.app.v1.ListMachineSummariesRequest;
import viam.app.v1.ListMachineSummariesResponse;
import viam.app.v1.ListOrganizationsRequest;
import viam.app.v1.ListOrganizationsResponse;
import viam.app.v1.OnlineState;
import viam.app.v1.Organization;
import viam.app.v1.PartSummary;

/**
 * The cloud's view of the parts that somebody wants to know of: one question for all of an organization every half minute, and one for
 * each part's configuration now and then. As bounded as the parts that are wanted are. Safe for use by many threads.
 */
@Component
public final class CloudWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(CloudWatch.class);

    /** How often the cloud is asked which machines are online. */
    static final Duration EVERY = Duration.ofSeconds(30);

    /** A view that is older says nothing any more. */
    private static final Duration FRESH = EVERY.multipliedBy(3);

    /** Between two configurations that are read. */
    private static final Duration BETWEEN = Duration.ofMillis(100);

    /** Until one that could not be read is asked for again; until then what it said before stands, with its time. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private static final int MOST_MACHINES = 100_000;
    private static final String DATA_MANAGER = "rdk:service:data_manager";

    private final CloudSettings settings;
    private final Time time;
    private final @Nullable AppCalls calls;
    private final Map<String, CloudView> views = new ConcurrentHashMap<>();
    private final Map<String, Configured> configured = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Supplier<Set<String>> wanted = Set::of;
    private volatile boolean running;
    private volatile String trouble = "";

    @GuardedBy("lock")
    private Time.@Nullable Timer next;

    /**
     * What a part's configuration says.
     *
     * @param asked a reading of {@link Time#nanos()}
     * @param valid until it is to be read again
     */
    private record Configured(CloudView.@Nullable SyncSwitch sync, long asked, Duration valid) {}

    /** Hears of other views. */
    @FunctionalInterface
    public interface Listener {

        /** The cloud sees those parts otherwise than before, or no longer tells. Must not block. */
        void changed(Set<String> partIds);
    }

    /** Asks nothing until it is started, and never where there are no credentials. */
    CloudWatch(CloudSettings settings, TlsContexts contexts, Time time) {
        this.settings = settings;
        this.time = time;
        ApiKey key = settings.key();
        this.calls = key == null
                ? null
                : new AppCalls(settings.at(), settings.protection(), key, contexts, Thread::startVirtualThread);
    }

    /** Whether the cloud is asked at all. */
    public boolean asks() {
        return calls != null;
    }

    /** Why it could not be asked the last time; empty where it could. */
    public String trouble() {
        return trouble;
    }

    /** Says which parts are of interest, from now on. */
    public void want(Supplier<Set<String>> parts) {
        wanted = parts;
    }

    /** Tells of changes from now on. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** The view of a part; empty where there is none that is not too old. */
    public Optional<CloudView> view(String partId) {
        CloudView view = views.get(partId);
        return view == null || old(view, time.now()) ? Optional.empty() : Optional.of(view);
    }

    private static boolean old(CloudView view, Instant now) {
        return view.observedAt().plus(FRESH).isBefore(now);
    }

    @Override
    public void start() {
        running = true;
        if (calls != null) {
            look();
        }
    }

    private void look() {
        AppCalls asked = calls;
        if (!running || asked == null) {
            return;
        }
        Set<String> parts = wanted.get();
        views.keySet().retainAll(parts);
        configured.keySet().retainAll(parts);
        if (parts.isEmpty()) {
            later(Duration.ofSeconds(5), this::look);
            return;
        }
        String organization = settings.organization();
        if (organization != null && !organization.isBlank()) {
            list(asked, new ArrayDeque<>(List.of(organization)), new HashMap<>(), parts);
            return;
        }
        var _ = asked.ask(AppServiceGrpc.getListOrganizationsMethod(), ListOrganizationsRequest.getDefaultInstance())
                .thenAccept(reply -> {
                    if (reply instanceof Reply.Given<ListOrganizationsResponse>(var answer, var _)) {
                        Deque<String> all = new ArrayDeque<>(answer.getOrganizationsList().stream()
                                .map(Organization::getId)
                                .toList());
                        list(asked, all, new HashMap<>(), parts);
                    } else {
                        failed(reply);
                    }
                });
    }

    private void list(AppCalls asked, Deque<String> organizations, Map<String, PartSummary> found, Set<String> parts) {
        String organization = organizations.poll();
        if (organization == null) {
            take(found, parts);
            configurations(asked, new ArrayDeque<>(due(parts)));
            return;
        }
        var _ = asked.ask(
                        AppServiceGrpc.getListMachineSummariesMethod(),
                        ListMachineSummariesRequest.newBuilder()
                                .setOrganizationId(organization)
                                .setLimit(MOST_MACHINES)
                                .build())
                .thenAccept(reply -> {
                    if (reply instanceof Reply.Given<ListMachineSummariesResponse>(var answer, var _)) {
                        answer.getLocationSummariesList().stream()
                                .flatMap(location -> location.getMachineSummariesList().stream())
                                .flatMap(machine -> machine.getPartSummariesList().stream())
                                .filter(part -> parts.contains(part.getPartId()))
                                .forEach(part -> found.put(part.getPartId(), part));
                        list(asked, organizations, found, parts);
                    } else {
                        failed(reply);
                    }
                });
    }

    private void take(Map<String, PartSummary> found, Set<String> parts) {
        trouble = "";
        Instant now = time.now();
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
                    now);
            CloudView before = views.put(part, view);
            if (before == null || before.online() != view.online()) {
                changed.add(part);
            }
        }
        tell(changed);
    }

    private Set<String> due(Set<String> parts) {
        Set<String> due = new HashSet<>();
        for (String part : parts) {
            Configured known = configured.get(part);
            if (known == null || time.since(known.asked()).compareTo(known.valid()) >= 0) {
                due.add(part);
            }
        }
        return due;
    }

    /** One after the other, and no longer than until the next list is due. */
    private void configurations(AppCalls asked, Deque<String> parts) {
        long begun = time.nanos();
        read(asked, parts, begun);
    }

    private void read(AppCalls asked, Deque<String> parts, long begun) {
        Duration left = EVERY.minus(time.since(begun));
        String part = left.isPositive() ? parts.poll() : null;
        if (part == null) {
            later(left.isPositive() ? left : Duration.ZERO, this::look);
            return;
        }
        var _ = asked.ask(
                        AppServiceGrpc.getGetRobotPartMethod(),
                        GetRobotPartRequest.newBuilder().setId(part).build())
                .thenAccept(reply -> {
                    Configured config = read(reply, configured.get(part));
                    configured.put(part, config);
                    views.computeIfPresent(
                            part,
                            (_, view) ->
                                    new CloudView(view.online(), view.lastAccess(), config.sync(), view.observedAt()));
                    tell(Set.of(part));
                    later(BETWEEN, () -> read(asked, parts, begun));
                });
    }

    private Configured read(Reply<GetRobotPartResponse> reply, @Nullable Configured before) {
        return switch (reply) {
            case Reply.Given<GetRobotPartResponse>(var answer, var _) ->
                new Configured(sync(answer.getPart().getRobotConfig(), time.now()), time.nanos(), settings.refresh());
            case Reply.Refused<GetRobotPartResponse> _ -> new Configured(null, time.nanos(), AGAIN);
            case Reply.Nonsense<GetRobotPartResponse> _, Reply.Lost<GetRobotPartResponse> _ ->
                new Configured(before == null ? null : before.sync(), time.nanos(), AGAIN);
        };
    }

    /** Whether a data manager is there that is told not to sync; null where there is none, since modules may bring others. */
    private static CloudView.@Nullable SyncSwitch sync(Struct config, Instant now) {
        for (Value each : list(config, "services")) {
            Struct service = each.getStructValue();
            if (text(service, "api").equals(DATA_MANAGER)
                    || text(service, "type").equals("data_manager")) {
                boolean off = service.getFieldsOrDefault("attributes", Value.getDefaultInstance())
                        .getStructValue()
                        .getFieldsOrDefault("sync_disabled", Value.getDefaultInstance())
                        .getBoolValue();
                return new CloudView.SyncSwitch(!off, now);
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

    private void failed(Reply<?> reply) {
        Status status = switch (reply) {
            case Reply.Refused<?>(var said) -> said;
            case Reply.Nonsense<?>(var said) -> said;
            case Reply.Lost<?>(var said) -> said;
            case Reply.Given<?> given -> throw new IllegalArgumentException("an answer: " + given);
        };
        String why = "the Viam cloud at %s does not tell what it sees: %s %s"
                .formatted(
                        settings.at(), status.getCode(), status.getDescription() == null ? "" : status.getDescription())
                .strip();
        if (trouble.isEmpty()) {
            log.warn("{}", why);
        }
        trouble = why;
        Instant now = time.now();
        Set<String> old = new HashSet<>();
        views.forEach((part, view) -> {
            if (old(view, now)) {
                old.add(part);
            }
        });
        views.keySet().removeAll(old);
        tell(old);
        later(EVERY, this::look);
    }

    private void tell(Set<String> parts) {
        if (!parts.isEmpty()) {
            listeners.forEach(listener -> listener.changed(parts));
        }
    }

    private void later(Duration wait, Runnable then) {
        lock.lock();
        try {
            if (running) {
                next = time.after(wait, then);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            running = false;
            if (next != null) {
                next.cancel();
            }
        } finally {
            lock.unlock();
        }
        if (calls != null) {
            calls.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the connections, which know the parts. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 2048;
    }
}
