package dev.fleetgateway.connection;

import dev.fleetgateway.discovery.KnownAddresses;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.time.Time;
import io.grpc.SynchronizationContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import viam.robot.v1.GetMachineStatusResponse;

/**
 * The one connection to one machine: its state, told by what becomes of its {@link Lines}, and when it is dialed again.
 *
 * <p>Everything that changes it runs in one synchronization context, so it has no lock and its news are told in order.
 */
final class MachineConnection implements Connection, Lines.Owner {

    /** Polls in a row without an answer after which the machine is no longer taken to be there. */
    private static final int SILENT_AFTER = 2;

    /** ... and after which the connection itself is given up: a link that was down for 12 s comes back by itself (seen live). */
    private static final int HOPELESS_AFTER = 6;

    private static final Duration WHILE_INITIALIZING = Duration.ofSeconds(1);

    /** Where there is a second way a silence is to be noticed soon: with the 5 s a poll has, within 9 s. */
    private static final Duration WITH_ANOTHER_WAY = Duration.ofSeconds(4);

    /** News of the network come in flocks. */
    private static final Duration GATHERING = Duration.ofMillis(200);

    private static final Logger log = LoggerFactory.getLogger(MachineConnection.class);

    private final Machine machine;
    private final Means means;
    private final Time time;
    private final Backoff backoff;
    private final SynchronizationContext context = new SynchronizationContext((_, failure) -> failed(failure));
    private final Lines lines;
    private final Alarm retry;

    private volatile Snapshot snapshot;

    // Written in the context only.
    private volatile @Nullable Link link;
    private volatile @Nullable Link readyLink;

    // Confined to the context.
    private @Nullable Loss loss;

    /** Failures in a row that are all of settings, or all of none. */
    private int alike;

    /** What no longer carried, and since when: a reading of {@link Time#nanos()}. */
    private record Loss(Route route, long at) {}

    MachineConnection(Machine machine, Means means) {
        this.machine = machine;
        this.means = means;
        this.time = means.time();
        this.backoff = means.backoff();
        this.lines = new Lines(machine, means, context, this);
        this.retry = new Alarm(time, context, this::dial);
        this.snapshot = new Snapshot(
                machine, new ConnectionState.Connecting(time.now(), "not tried yet", 0), null, List.of(), null, 0);
    }

    /**
     * What all connections of a gateway work with.
     *
     * @param hysteresis how long a better line must stay before it carries
     */
    record Means(
            SearchFactory searches,
            Time time,
            Backoff backoff,
            Watch.Pace pace,
            Duration hysteresis,
            RouteJudge judge,
            KnownAddresses known,
            News news) {}

    /** Makes the search of a connection. */
    @FunctionalInterface
    interface SearchFactory {
        Search search(Machine machine, Search.Choice choice, SynchronizationContext context, Search.Listener listener);
    }

    /** Judges a route anew, since the gateway's own networks may have changed. */
    @FunctionalInterface
    interface RouteJudge {
        Route judge(Route route);
    }

    /** Hears of the connection and is asked by it, in its context. */
    interface News {
        void changed(MachineConnection from, Snapshot snapshot);

        /** Whether a lease pins the connection as it is. */
        boolean pinned(Machine machine);

        /** See {@link Connections.Listener#moved}. */
        void moved(Machine machine, Route from, Route to, Duration without);
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
        CompletableFuture<Aside> opened = new CompletableFuture<>();
        context.execute(() -> {
            Line beside = lines.goodStandby();
            if (beside != null) {
                opened.complete(new Borrowed(beside.link()));
                return;
            }
            Line now = lines.carrier();
            Search.Choice others = new Search.Choice(
                    _ -> true, now == null ? null : now.candidate().key());
            var _ = new AsideDial()
                    .begin((where, listener) -> means.searches().search(machine, others, where, listener), time, within)
                    .whenComplete((aside, failure) -> {
                        if (failure != null) {
                            opened.completeExceptionally(failure);
                        } else if (!opened.complete(aside)) {
                            aside.close();
                        }
                    });
        });
        return opened;
    }

    /** The link that stands beside, lent for a stop. */
    private record Borrowed(Link link) implements Aside {

        @Override
        public void close() {
            // It goes on standing there.
        }
    }

    @Override
    public void connect(String reason) {
        context.execute(() -> {
            log.info("Dialing {} now: {}", machine.name(), reason);
            if (!(snapshot.state() instanceof ConnectionState.Idle)) {
                drop(reason);
                apply(new ConnectionEvent.Parked(time.now(), reason));
            }
            dial();
        });
    }

    @Override
    public void disconnect(String reason) {
        context.execute(() -> {
            retry.cancel();
            lines.close();
            link = null;
            loss = null;
            apply(new ConnectionEvent.Parked(time.now(), reason));
        });
    }

    @Override
    public void doubt(Link doubted, String reason) {
        context.execute(() -> {
            Line now = lines.carrier();
            if (now != null && now.link().equals(doubted)) {
                log.info("{} at {} is in doubt: {}", machine.name(), now.route().peer(), reason);
                lines.doubt();
            }
        });
    }

    /** The first dial, after a wait that spreads the fleet. */
    void start(Duration wait) {
        context.execute(() -> {
            means.news().changed(this, snapshot);
            retry.set(wait);
        });
    }

    /** Ends it for good. */
    void close(String reason) {
        context.execute(() -> {
            retry.cancel();
            lines.close();
            link = null;
            apply(new ConnectionEvent.Closed(time.now(), reason));
        });
    }

    /** The gateway's own networks changed, or the machine was seen on one: what failed before may succeed now. */
    void worthAnotherLook(Duration spread) {
        context.execute(() -> {
            Line now = lines.carrier();
            Duration soon = GATHERING.plus(spread);
            if (now == null) {
                if (retry.isSet()) {
                    retry.bringForward(soon);
                }
                return;
            }
            Route before = now.route();
            lines.judge(soon);
            if (now.route().kind() == before.kind() || before.kind() != Route.Kind.LAN) {
                return;
            }
            String gone = "the network of " + before.peer() + " is gone";
            if (machine.address().isLocalName()) {
                // Whatever would be sent on it from now on would leave by another network.
                broke(FailureKind.NO_ROUTE, gone);
            } else {
                log.info("{}: {}", machine.name(), gone);
                lines.doubt();
            }
        });
    }

    private void dial() {
        if (snapshot.state() instanceof ConnectionState.Shutdown) {
            return;
        }
        drop("dialed anew");
        apply(new ConnectionEvent.DialStarted(time.now()));
        lines.find();
    }

    private void drop(String why) {
        retry.cancel();
        lines.drop(why);
        link = null;
        readyLink = null;
    }

    private void failed(Throwable failure) {
        log.error("The connection to {} failed to go on, and is dialed anew", machine.name(), failure);
        retry.set(backoff.after(1, FailureKind.OTHER));
    }

    @Override
    public boolean isReady() {
        return snapshot.state().ready();
    }

    @Override
    public boolean isPinned() {
        return means.news().pinned(machine);
    }

    @Override
    public Duration untilNextPoll() {
        MachineReport report = snapshot.report();
        if (report != null && report.lifecycle() == MachineReport.Lifecycle.INITIALIZING) {
            return WHILE_INITIALIZING;
        }
        Duration pace = means.pace().next();
        return pace.compareTo(WITH_ANOTHER_WAY) > 0 && lines.hasOther() ? WITH_ANOTHER_WAY : pace;
    }

    @Override
    public void changed() {
        publish(snapshot.state());
    }

    @Override
    public void opened(Line line) {
        link = line.link();
        changed();
    }

    @Override
    public void answered(Line line, @Nullable GetMachineStatusResponse status, Duration rtt, String note) {
        boolean first = !isReady();
        Instant now = time.now();
        if (first) {
            line.carries(now);
        }
        MachineReport report = Reports.after(
                snapshot.report(),
                status,
                new Reports.Poll(now, rtt, time.nanos() - rtt.toNanos()),
                note,
                line.software(),
                line.link().identity());
        snapshot = new Snapshot(machine, snapshot.state(), snapshot.route(), snapshot.candidates(), report, 0);
        apply(new ConnectionEvent.Answered(
                now, "the machine answers at " + line.route().peer()));
        if (first) {
            carried(line);
        }
    }

    @Override
    public void missed(Line line, String reason) {
        int missed = line.missed();
        if (missed >= HOPELESS_AFTER) {
            lose(
                    FailureKind.SILENT,
                    missed + " status polls in a row failed, the last: " + reason,
                    backoff.afterLoss());
        } else if (missed >= SILENT_AFTER && isReady()) {
            noteLoss(line);
            apply(new ConnectionEvent.Lost(
                    time.now(),
                    FailureKind.SILENT,
                    "connected, but " + missed + " status polls in a row failed: " + reason,
                    time.now()));
        } else {
            changed();
        }
    }

    @Override
    public void moved(Line from, Line to, String because) {
        log.info("{} is reached by {} now: {}", machine.name(), to.route(), because);
        boolean lost = loss != null || !from.good();
        if (lost) {
            noteLoss(from);
        }
        link = to.link();
        apply(new ConnectionEvent.Answered(
                time.now(), "the machine answers at " + to.route().peer()));
        carried(to);
        if (!lost) {
            means.news().moved(machine, from.route(), to.route(), Duration.ZERO);
        }
    }

    @Override
    public void broke(FailureKind kind, String reason) {
        boolean tokenAgain = kind == FailureKind.CREDENTIALS && !isReady();
        boolean first = snapshot.state().attempts() == 0;
        int failures = alike(kind);
        lose(kind, reason, first && !tokenAgain ? backoff.afterLoss() : backoff.after(failures, kind));
    }

    @Override
    public void notFound(FailureKind kind, String reason) {
        Duration wait = backoff.after(alike(kind), kind);
        drop(reason);
        apply(new ConnectionEvent.Failed(time.now(), kind, reason, time.now().plus(wait)));
        retry.set(wait);
    }

    /** Counts one more. A long absence says nothing of how often a wrong key should be tried, nor the other way round. */
    private int alike(FailureKind kind) {
        boolean another = snapshot.state() instanceof ConnectionState.TransientFailure before
                && before.kind().settings() != kind.settings();
        alike = another || snapshot.state().attempts() == 0 ? 1 : alike + 1;
        return alike;
    }

    private void noteLoss(Line lost) {
        if (loss == null) {
            long at = lost.good() ? time.nanos() : time.nanos() - lost.silence().toNanos();
            loss = new Loss(lost.route(), at);
        }
    }

    private void carried(Line line) {
        remember(line);
        Loss before = loss;
        loss = null;
        if (before != null) {
            means.news().moved(machine, before.route(), line.route(), time.since(before.at()));
        }
    }

    /** Where it was reached directly is worth a try after a restart too, and where nothing is announced. */
    private void remember(Line line) {
        if (machine.tls().mode() == Tls.Mode.REQUIRED && line.route().transport() == Route.Transport.GRPC) {
            Address peer = Address.parse(line.route().peer());
            means.known()
                    .keep(
                            machine.tls().serverName(),
                            new InetSocketAddress(InetAddress.ofLiteral(peer.host()), peer.port()));
        }
    }

    /** What was up is down: told, and dialed anew after a wait. */
    private void lose(FailureKind kind, String reason, Duration wait) {
        boolean wasReady = isReady();
        Line lost = lines.carrier();
        if (lost != null && wasReady) {
            noteLoss(lost);
        }
        drop(reason);
        Instant now = time.now();
        apply(
                wasReady
                        ? new ConnectionEvent.Lost(now, kind, reason, now.plus(wait))
                        : new ConnectionEvent.Failed(now, kind, reason, now.plus(wait)));
        retry.set(wait);
    }

    private void apply(ConnectionEvent event) {
        ConnectionState before = snapshot.state();
        ConnectionState after = before.on(event);
        if (!before.word().equals(after.word())) {
            log.info("{} is {}: {}", machine.name(), after.word(), after.reason());
        }
        readyLink = after.ready() ? link : null;
        publish(after);
    }

    private void publish(ConnectionState state) {
        Line now = lines.carrier();
        Snapshot next = new Snapshot(
                machine,
                state,
                state.ready() && now != null ? now.route() : null,
                lines.candidates(),
                snapshot.report(),
                now == null ? 0 : now.missed());
        snapshot = next;
        means.news().changed(this, next);
    }
}
