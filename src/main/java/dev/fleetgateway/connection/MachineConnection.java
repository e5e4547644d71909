package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.time.Time;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import viam.robot.v1.GetMachineStatusResponse;

/**
 * The one connection to one machine: searches, watches what it found, and searches again when that is lost.
 *
 * <p>Everything that changes it runs in one synchronization context, so it has no lock and its news are told in order.
 */
final class MachineConnection implements Connection {

    /** Polls in a row without an answer after which the machine is no longer taken to be there. */
    private static final int SILENT_AFTER = 2;

    /** ... and after which the connection itself is given up: a link that was down for 12 s comes back by itself (seen live). */
    private static final int HOPELESS_AFTER = 6;

    private static final Duration WHILE_INITIALIZING = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(MachineConnection.class);

    private final Machine machine;
    private final BiFunction<SynchronizationContext, Search.Listener, Search> searches;
    private final Time time;
    private final Backoff backoff;
    private final Watch.Pace pace;
    private final BiConsumer<MachineConnection, Snapshot> news;
    private final SynchronizationContext context = new SynchronizationContext((_, failure) -> failed(failure));

    private volatile Snapshot snapshot;
    private volatile @Nullable Link readyLink;

    // Written in the context only.
    private volatile @Nullable Link link;

    // Confined to the context.
    private @Nullable Search search;
    private @Nullable Watch watch;
    private Time.@Nullable Timer retry;
    private long retries;

    MachineConnection(
            Machine machine,
            SearchFactory searches,
            Time time,
            Backoff backoff,
            Watch.Pace pace,
            BiConsumer<MachineConnection, Snapshot> news) {
        this.machine = machine;
        this.searches = (where, listener) -> searches.search(machine, where, listener);
        this.time = time;
        this.backoff = backoff;
        this.pace = pace;
        this.news = news;
        this.snapshot = new Snapshot(
                machine, new ConnectionState.Connecting(time.now(), "not tried yet", 0), null, List.of(), null, 0);
    }

    /** Makes the search of a connection. */
    @FunctionalInterface
    interface SearchFactory {
        Search search(Machine machine, SynchronizationContext context, Search.Listener listener);
    }

    @Override
    public Machine machine() {
        return machine;
    }

    @Override
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public Optional<Link> link() {
        Link now = readyLink;
        return now != null && now.usable() ? Optional.of(now) : Optional.empty();
    }

    @Override
    public Optional<Link> linkForStop() {
        Link now = link;
        return now != null && now.usable() ? Optional.of(now) : Optional.empty();
    }

    @Override
    public CompletableFuture<Aside> dialAside(Duration within) {
        return new AsideDial().begin(searches, time, within);
    }

    @Override
    public void connect(String reason) {
        context.execute(() -> {
            log.info("Dialing {} now: {}", machine.name(), reason);
            if (!(snapshot.state() instanceof ConnectionState.Idle)) {
                drop();
                apply(new ConnectionEvent.Parked(time.now(), reason));
            }
            dial();
        });
    }

    @Override
    public void disconnect(String reason) {
        context.execute(() -> {
            drop();
            apply(new ConnectionEvent.Parked(time.now(), reason));
        });
    }

    /** The first dial, after a wait that spreads the fleet. */
    void start(Duration wait) {
        context.execute(() -> {
            news.accept(this, snapshot);
            retryAfter(wait);
        });
    }

    /** Ends it for good. */
    void close(String reason) {
        context.execute(() -> {
            drop();
            apply(new ConnectionEvent.Closed(time.now(), reason));
        });
    }

    private void dial() {
        if (snapshot.state() instanceof ConnectionState.Shutdown) {
            return;
        }
        drop();
        apply(new ConnectionEvent.DialStarted(time.now()));
        Search begun = searches.apply(context, new Round());
        search = begun;
        begun.start();
    }

    private void drop() {
        cancelRetry();
        if (watch != null) {
            watch.close();
            watch = null;
        }
        if (search != null) {
            search.close();
            search = null;
        }
        link = null;
        readyLink = null;
        snapshot = new Snapshot(
                machine,
                snapshot.state(),
                snapshot.route(),
                snapshot.candidates().stream().map(MachineConnection::left).toList(),
                snapshot.report(),
                snapshot.missedPolls());
    }

    /** A candidate whose search or link is over: it neither carries nor is being tried. */
    private static Candidate left(Candidate candidate) {
        return switch (candidate.state()) {
            case IN_USE -> candidate.as(Candidate.State.FAILED, "it carried until the connection ended");
            case TRYING -> candidate.as(Candidate.State.UNTRIED, "the search ended before it answered");
            case UNTRIED, FAILED, EXCLUDED -> candidate;
        };
    }

    private void failed(Throwable failure) {
        log.error("The connection to {} failed to go on, and is dialed anew", machine.name(), failure);
        retryAfter(backoff.after(1, FailureKind.OTHER));
    }

    private void retryAfter(Duration wait) {
        cancelRetry();
        long mine = ++retries;
        retry = time.after(
                wait,
                () -> context.execute(() -> {
                    // One that was cancelled may have been on its way already.
                    if (mine == retries) {
                        dial();
                    }
                }));
    }

    private void cancelRetry() {
        retries++;
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    /** What was up is down: told, and dialed anew after a wait. */
    private void lose(FailureKind kind, String reason, Duration wait) {
        boolean wasReady = snapshot.state().ready();
        drop();
        Instant now = time.now();
        apply(
                wasReady
                        ? new ConnectionEvent.Lost(now, kind, reason, now.plus(wait))
                        : new ConnectionEvent.Failed(now, kind, reason, now.plus(wait)));
        retryAfter(wait);
    }

    private void apply(ConnectionEvent event) {
        ConnectionState before = snapshot.state();
        ConnectionState after = before.on(event);
        if (!before.word().equals(after.word())) {
            log.info("{} is {}: {}", machine.name(), after.word(), after.reason());
        }
        Link now = link;
        readyLink = after.ready() ? now : null;
        publish(new Snapshot(
                machine,
                after,
                after.ready() && now != null ? now.route() : null,
                snapshot.candidates(),
                snapshot.report(),
                after.ready() || now != null ? snapshot.missedPolls() : 0));
    }

    private void publish(Snapshot next) {
        snapshot = next;
        news.accept(this, next);
    }

    /** What one search and the link it found tell; deaf once it has been replaced. */
    private final class Round implements Search.Listener, Watch.Listener {

        private MachineReport.@Nullable Software software;

        @Override
        public void candidates(List<Candidate> candidates) {
            Snapshot now = snapshot;
            publish(new Snapshot(machine, now.state(), now.route(), candidates, now.report(), now.missedPolls()));
        }

        @Override
        public void won(Link found, Dialer.Dial dial, MachineReport.@Nullable Software says) {
            software = says;
            link = found;
            Watch begun = new Watch(found, time, this::untilNextPoll, context, this);
            watch = begun;
            begun.start();
        }

        private Duration untilNextPoll() {
            MachineReport report = snapshot.report();
            return report != null && report.lifecycle() == MachineReport.Lifecycle.INITIALIZING
                    ? WHILE_INITIALIZING
                    : pace.next();
        }

        @Override
        public void failed(FailureKind kind, String reason) {
            // A long absence says nothing of how often a wrong key should be tried, nor the other way round.
            boolean another = snapshot.state() instanceof ConnectionState.TransientFailure before
                    && before.kind().settings() != kind.settings();
            Duration wait = backoff.after(another ? 1 : snapshot.state().attempts() + 1, kind);
            drop();
            apply(new ConnectionEvent.Failed(
                    time.now(), kind, reason, time.now().plus(wait)));
            retryAfter(wait);
        }

        @Override
        public void broke(FailureKind kind, String reason) {
            int failures = snapshot.state().attempts();
            lose(kind, reason, failures == 0 ? backoff.afterLoss() : backoff.after(failures + 1, kind));
        }

        @Override
        public void answered(@Nullable GetMachineStatusResponse status, Duration rtt, String note) {
            Snapshot now = snapshot;
            MachineReport report = Reports.after(now.report(), status, time.now(), rtt, note, software);
            snapshot = new Snapshot(machine, now.state(), now.route(), now.candidates(), report, 0);
            Route route = link == null ? null : link.route();
            apply(new ConnectionEvent.Answered(
                    time.now(), route == null ? "the machine answers" : "the machine answers at " + route.peer()));
        }

        @Override
        public void missed(String reason) {
            Snapshot now = snapshot;
            int missed = now.missedPolls() + 1;
            snapshot = new Snapshot(machine, now.state(), now.route(), now.candidates(), now.report(), missed);
            if (missed >= HOPELESS_AFTER) {
                lose(
                        FailureKind.SILENT,
                        missed + " status polls in a row failed, the last: " + reason,
                        backoff.afterLoss());
            } else if (missed >= SILENT_AFTER && now.state().ready()) {
                apply(new ConnectionEvent.Lost(
                        time.now(),
                        FailureKind.SILENT,
                        "connected, but " + missed + " status polls in a row failed: " + reason,
                        time.now()));
            } else {
                publish(snapshot);
            }
        }

        @Override
        public void tokenRefused(String reason) {
            lose(
                    FailureKind.CREDENTIALS,
                    "the machine no longer takes the token, authenticating again: " + reason,
                    snapshot.state().ready()
                            ? backoff.afterLoss()
                            : backoff.after(snapshot.state().attempts() + 1, FailureKind.CREDENTIALS));
        }
    }
}
