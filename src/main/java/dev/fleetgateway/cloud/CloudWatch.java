package dev.fleetgateway.cloud;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.time.Time;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import viam.app.v1.AppServiceGrpc;
import viam.app.v1.GetRobotPartRequest;
import viam.app.v1.ListMachineSummariesRequest;
import viam.app.v1.ListOrganizationsRequest;
import viam.app.v1.Organization;
import viam.app.v1.PartSummary;

/**
 * The cloud's view of the parts that somebody wants to know of: one question for all of an organization every half minute, and one for
 * each part's configuration now and then, a tenth of a second apart. Safe for use by many threads.
 */
@Component
public final class CloudWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(CloudWatch.class);

    /** How often the cloud is asked which machines are online. */
    static final Duration EVERY = Duration.ofSeconds(30);

    /** Between two configurations that are read. */
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private static final int MOST_MACHINES = 100_000;

    private final CloudSettings settings;
    private final Time time;
    private final @Nullable AppCalls calls;
    private final Views views;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Supplier<Set<String>> wanted = Set::of;
    private volatile boolean running;
    private volatile String trouble = "";

    @GuardedBy("lock")
    private Time.@Nullable Timer next;

    /** Hears of other views. */
    @FunctionalInterface
    public interface Listener {

        /** The cloud sees those parts otherwise than before, or tells of them no longer, or again. Must not block. */
        void changed(Set<String> partIds);
    }

    /** Asks nothing until it is started, and never where there are no credentials. */
    CloudWatch(CloudSettings settings, TlsContexts contexts, Time time) {
        this.settings = settings;
        this.time = time;
        this.views = new Views(time, EVERY.multipliedBy(3), settings.refresh());
        ApiKey key = settings.key();
        this.calls = key == null
                ? null
                : new AppCalls(settings.at(), settings.protection(), key, contexts, Thread::startVirtualThread);
    }

    /** Why the cloud could not be asked the last time; empty where it could, or where it is not asked at all. */
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
        return views.of(partId);
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
        views.keep(parts);
        if (parts.isEmpty()) {
            later(Duration.ofSeconds(5), this::look);
            return;
        }
        String organization = settings.organization();
        if (organization != null && !organization.isBlank()) {
            list(asked, new ArrayDeque<>(List.of(organization)), new HashMap<>(), parts);
            return;
        }
        given(
                asked.ask(AppServiceGrpc.getListOrganizationsMethod(), ListOrganizationsRequest.getDefaultInstance()),
                answer -> list(
                        asked,
                        new ArrayDeque<>(answer.getOrganizationsList().stream()
                                .map(Organization::getId)
                                .toList()),
                        new HashMap<>(),
                        parts));
    }

    private void list(AppCalls asked, Deque<String> organizations, Map<String, PartSummary> found, Set<String> parts) {
        String organization = organizations.poll();
        if (organization == null) {
            boolean again = !trouble.isEmpty();
            trouble = "";
            Set<String> changed = views.listed(found, parts);
            tell(again ? parts : changed);
            configurations(asked, views.due(parts), time.nanos());
            return;
        }
        given(
                asked.ask(
                        AppServiceGrpc.getListMachineSummariesMethod(),
                        ListMachineSummariesRequest.newBuilder()
                                .setOrganizationId(organization)
                                .setLimit(MOST_MACHINES)
                                .build()),
                answer -> {
                    answer.getLocationSummariesList().stream()
                            .flatMap(location -> location.getMachineSummariesList().stream())
                            .flatMap(machine -> machine.getPartSummariesList().stream())
                            .filter(part -> parts.contains(part.getPartId()))
                            .forEach(part -> found.put(part.getPartId(), part));
                    list(asked, organizations, found, parts);
                });
    }

    /** One after the other, and no longer than until the next list is due. */
    private void configurations(AppCalls asked, Deque<String> due, long begun) {
        Duration left = EVERY.minus(time.since(begun));
        String part = left.isPositive() ? due.poll() : null;
        if (part == null) {
            later(left.isPositive() ? left : Duration.ZERO, this::look);
            return;
        }
        go(
                asked.ask(
                        AppServiceGrpc.getGetRobotPartMethod(),
                        GetRobotPartRequest.newBuilder().setId(part).build()),
                reply -> {
                    if (views.read(part, reply)) {
                        tell(Set.of(part));
                    }
                    later(BETWEEN, () -> configurations(asked, due, begun));
                });
    }

    private <T> void given(CompletableFuture<Reply<T>> question, Consumer<T> then) {
        go(question, reply -> {
            switch (reply) {
                case Reply.Given<T>(var answer, var _) -> then.accept(answer);
                case Reply.Refused<T>(var status) -> failed(status);
                case Reply.Nonsense<T>(var status) -> failed(status);
                case Reply.Lost<T>(var status) -> failed(status);
            }
        });
    }

    /** Whatever happens, the cloud is asked again. */
    private <T> void go(CompletableFuture<Reply<T>> question, Consumer<Reply<T>> then) {
        var _ = question.thenAccept(then).exceptionally(e -> {
            log.error("What the Viam cloud said could not be taken in; it is asked again", e);
            later(EVERY, this::look);
            return null;
        });
    }

    private void failed(Status status) {
        String why = "the Viam cloud at %s does not tell what it sees: %s %s"
                .formatted(
                        settings.at(), status.getCode(), status.getDescription() == null ? "" : status.getDescription())
                .strip();
        boolean first = trouble.isEmpty();
        if (first) {
            log.warn("{}", why);
        }
        trouble = why;
        Set<String> old = views.expire();
        tell(first ? wanted.get() : old);
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
