package dev.fleetgateway.connection;

import dev.fleetgateway.discovery.KnownAddresses;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.Way;
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
 * The one connection to one machine: searches, watches the line it found, keeps another beside it where that one is better or the first
 * is in doubt, and searches again when all is lost.
 *
 * <p>Everything that changes it runs in one synchronization context, so it has no lock and its news are told in order.
 */
final class MachineConnection implements Connection {

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
    private final CandidateBook book = new CandidateBook();
    private final Farewells farewells;
    private final Alarm retry;
    private final Alarm lookout;
    private final Alarm standing;

    private volatile Snapshot snapshot;
    private volatile @Nullable Link readyLink;

    // Written in the context only.
    private volatile @Nullable Link link;

    // Confined to the context.
    private @Nullable Line carrier;
    private @Nullable Line standby;
    private @Nullable Round round;
    private int lookouts;
    private @Nullable Loss loss;

    /** What was lost, and how long before it was noticed its machine had last been heard of. */
    private record Loss(Route route, long at) {}

    MachineConnection(Machine machine, Means means) {
        this.machine = machine;
        this.means = means;
        this.time = means.time();
        this.backoff = means.backoff();
        this.farewells = new Farewells(time, context);
        this.retry = new Alarm(time, context, this::dial);
        this.lookout = new Alarm(time, context, this::lookForBetter);
        this.standing = new Alarm(time, context, this::choose);
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

        /** Another route carries; {@code without} is how long none did, as far as it is known: zero where it was left while it was good. */
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
            Line beside = standby;
            if (beside != null && beside.good()) {
                opened.complete(new Borrowed(beside.link()));
                return;
            }
            Search.Choice others = new Search.Choice(
                    _ -> true, carrier == null ? null : carrier.candidate().key());
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
            farewells.close();
            loss = null;
            apply(new ConnectionEvent.Parked(time.now(), reason));
        });
    }

    @Override
    public void doubt(Link doubted, String reason) {
        context.execute(() -> {
            if (carrier != null && carrier.link().equals(doubted)) {
                log.info(
                        "{} at {} is in doubt: {}",
                        machine.name(),
                        carrier.route().peer(),
                        reason);
                carrier.doubt();
                lookForAnother();
                choose();
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
            drop();
            farewells.close();
            apply(new ConnectionEvent.Closed(time.now(), reason));
        });
    }

    /** The gateway's own networks changed, or the machine was seen on one: what failed before may succeed now. */
    void worthAnotherLook(Duration spread) {
        context.execute(() -> {
            Duration soon = GATHERING.plus(spread);
            if (carrier == null) {
                if (retry.isSet() && round == null) {
                    retry.bringForward(soon);
                }
                return;
            }
            Route before = carrier.route();
            carrier.observed(means.judge().judge(before));
            if (carrier.route().rank() > before.rank()) {
                // The network it was reached on is gone.
                if (machine.address().isLocalName()) {
                    lose(FailureKind.NO_ROUTE, "the network of " + before.peer() + " is gone", backoff.afterLoss());
                    return;
                }
                doubt(carrier.link(), "its network is gone: " + carrier.route().reason());
            }
            if (snapshot.state().ready()) {
                publish();
            }
            if (carrier.route().rank() > 0) {
                lookouts = 0;
                lookout.bringForward(soon);
            }
        });
    }

    private void dial() {
        if (snapshot.state() instanceof ConnectionState.Shutdown) {
            return;
        }
        drop();
        apply(new ConnectionEvent.DialStarted(time.now()));
        search(Search.Choice.ALL);
    }

    private void search(Search.Choice choice) {
        Round begun = new Round();
        round = begun;
        begun.search = means.searches().search(machine, choice, context, begun);
        begun.search.start();
    }

    private void drop() {
        retry.cancel();
        lookout.cancel();
        standing.cancel();
        endRound();
        if (standby != null) {
            standby.close();
            standby = null;
        }
        if (carrier != null) {
            carrier.close();
            carrier = null;
        }
        link = null;
        readyLink = null;
        book.left();
    }

    private void endRound() {
        Round ended = round;
        round = null;
        if (ended != null && ended.search != null) {
            ended.search.close();
        }
    }

    private void failed(Throwable failure) {
        log.error("The connection to {} failed to go on, and is dialed anew", machine.name(), failure);
        retry.set(backoff.after(1, FailureKind.OTHER));
    }

    /** A better way is looked for while a worse one carries: soon at first, then more and more rarely. */
    private void lookForBetter() {
        Line now = carrier;
        if (now == null || !snapshot.state().ready() || now.route().rank() == 0) {
            return;
        }
        if (round == null && standby == null) {
            int rank = now.route().rank();
            String own = now.candidate().key();
            search(new Search.Choice(each -> each.rank() < rank && !each.key().equals(own), null));
        }
        lookAgain();
    }

    private void lookAgain() {
        lookout.set(backoff.after(++lookouts, FailureKind.REFUSED));
    }

    /** The line that carries is in doubt: any other way is dialed beside it. */
    private void lookForAnother() {
        Line now = carrier;
        if (now == null || standby != null || !book.hasOtherThan(now.candidate().key())) {
            return;
        }
        if (round != null && !round.rescues) {
            endRound();
        }
        if (round == null) {
            String own = now.candidate().key();
            search(new Search.Choice(each -> !each.key().equals(own), null));
            if (round != null) {
                round.rescues = true;
            }
        }
    }

    /** Decides which of two lines carries. */
    private void choose() {
        Line now = carrier;
        Line other = standby;
        if (now == null || other == null) {
            return;
        }
        boolean pinned = means.news().pinned(machine);
        switch (Preference.of(now, other, pinned, means.hysteresis())) {
            case Preference.Move(var because) -> promote(other, because);
            case Preference.Wait(var more) -> standing.set(more);
            case Preference.Stay() -> {
                if (now.good() && other.route().rank() >= now.route().rank()) {
                    leaveStandby(Candidate.State.UNTRIED, "the one in use answers again");
                }
            }
        }
    }

    private void leaveStandby(Candidate.State state, String reason) {
        Line left = standby;
        if (left != null) {
            standby = null;
            standing.cancel();
            left.close();
            book.become(left.candidate().key(), state, reason);
            publish();
        }
    }

    /** The line beside carries from now on; calls in flight on the other end there. */
    private void promote(Line line, String because) {
        Line left = carrier;
        standby = null;
        standing.cancel();
        endRound();
        lookout.cancel();
        lookouts = 0;
        Instant now = time.now();
        carrier = line;
        link = line.link();
        line.carries(now);
        if (left != null) {
            noteLoss(left);
            book.become(
                    left.candidate().key(),
                    left.good() ? Candidate.State.UNTRIED : Candidate.State.FAILED,
                    left.good() ? "left for a better one" : "it no longer answered");
            farewells.add(left);
        }
        book.become(line.candidate().key(), Candidate.State.IN_USE, line.route().reason());
        log.info("{} is reached by {} now: {}", machine.name(), line.route(), because);
        apply(new ConnectionEvent.Answered(
                now, "the machine answers at " + line.route().peer()));
        carried(line);
    }

    private void noteLoss(Line lost) {
        if (loss == null) {
            long at = lost.good() ? time.nanos() : time.nanos() - lost.silence().toNanos();
            loss = new Loss(lost.route(), at);
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

    private void carried(Line line) {
        remember(line);
        Loss before = loss;
        loss = null;
        if (before != null) {
            means.news().moved(machine, before.route(), line.route(), time.since(before.at()));
        }
        if (line.route().rank() > 0 && !lookout.isSet()) {
            lookAgain();
        }
    }

    /** What was up is down: told, and dialed anew after a wait. */
    private void lose(FailureKind kind, String reason, Duration wait) {
        boolean wasReady = snapshot.state().ready();
        Line lost = carrier;
        if (lost != null && wasReady) {
            noteLoss(lost);
        }
        drop();
        if (lost != null) {
            book.become(lost.candidate().key(), Candidate.State.FAILED, reason);
        }
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

    private void publish() {
        publish(snapshot.state());
    }

    private void publish(ConnectionState state) {
        Line now = carrier;
        publish(new Snapshot(
                machine,
                state,
                state.ready() && now != null ? now.route() : null,
                book.list(),
                snapshot.report(),
                now == null ? 0 : now.missed()));
    }

    private void publish(Snapshot next) {
        snapshot = next;
        means.news().changed(this, next);
    }

    private Duration untilNextPoll() {
        MachineReport report = snapshot.report();
        if (report != null && report.lifecycle() == MachineReport.Lifecycle.INITIALIZING) {
            return WHILE_INITIALIZING;
        }
        Duration pace = means.pace().next();
        Line now = carrier;
        return now != null
                        && pace.compareTo(WITH_ANOTHER_WAY) > 0
                        && book.hasOtherThan(now.candidate().key())
                ? WITH_ANOTHER_WAY
                : pace;
    }

    /** What one search and the line it found tell; deaf once neither is of interest any more. */
    private final class Round implements Search.Listener, Watch.Listener {

        private @Nullable Search search;
        private @Nullable Line line;
        private boolean rescues;

        private boolean isCarrier() {
            return line != null && line == carrier;
        }

        private boolean isStandby() {
            return line != null && line == standby;
        }

        @Override
        public void ways(List<Way> ways) {
            book.renew(ways);
            publish();
        }

        @Override
        public void became(Candidate candidate) {
            book.put(candidate);
            publish();
        }

        @Override
        public void won(Link found, Dialer.Dial dial, Candidate candidate, MachineReport.@Nullable Software software) {
            Line opened = new Line(found, dial, candidate, software, time);
            line = opened;
            if (round == this) {
                round = null;
            }
            Line now = carrier;
            if (now == null) {
                carrier = opened;
                link = found;
                book.become(
                        candidate.key(), Candidate.State.IN_USE, opened.route().reason());
            } else if (Preference.isAnotherMachine(now, opened)) {
                opened.close();
                book.become(
                        candidate.key(), Candidate.State.FAILED, "another machine answers there: " + found.identity());
                publish();
                return;
            } else {
                standby = opened;
                book.become(
                        candidate.key(), Candidate.State.STANDBY, opened.route().reason());
            }
            publish();
            opened.start(new Watch(found, time, MachineConnection.this::untilNextPoll, context, this));
        }

        @Override
        public void failed(FailureKind kind, String reason) {
            if (round != this) {
                return;
            }
            round = null;
            if (carrier != null) {
                // It was looked for beside the one that carries, and the next poll or look-out tries again.
                publish();
                return;
            }
            // A long absence says nothing of how often a wrong key should be tried, nor the other way round.
            boolean another = snapshot.state() instanceof ConnectionState.TransientFailure before
                    && before.kind().settings() != kind.settings();
            Duration wait = backoff.after(another ? 1 : snapshot.state().attempts() + 1, kind);
            drop();
            apply(new ConnectionEvent.Failed(
                    time.now(), kind, reason, time.now().plus(wait)));
            retry.set(wait);
        }

        @Override
        public void broke(FailureKind kind, String reason) {
            if (isStandby()) {
                leaveStandby(Candidate.State.FAILED, reason);
                return;
            }
            if (!isCarrier()) {
                return;
            }
            Line other = standby;
            if (other != null && other.good()) {
                promote(other, reason);
                return;
            }
            int failures = snapshot.state().attempts();
            lose(kind, reason, failures == 0 ? backoff.afterLoss() : backoff.after(failures + 1, kind));
        }

        @Override
        public void answered(@Nullable GetMachineStatusResponse status, Duration rtt, String note) {
            Line mine = line;
            if (mine == null || (!isCarrier() && !isStandby())) {
                return;
            }
            mine.heard();
            if (isStandby()) {
                choose();
                return;
            }
            boolean first = !snapshot.state().ready();
            if (first) {
                mine.carries(time.now());
            }
            MachineReport report = Reports.after(snapshot.report(), status, time.now(), rtt, note, mine.software());
            snapshot = new Snapshot(machine, snapshot.state(), snapshot.route(), snapshot.candidates(), report, 0);
            apply(new ConnectionEvent.Answered(
                    time.now(), "the machine answers at " + mine.route().peer()));
            if (round != null && round.rescues) {
                endRound();
            }
            choose();
            if (first || (mine.route().rank() > 0 && !lookout.isSet())) {
                carried(mine);
            }
        }

        @Override
        public void missed(String reason) {
            Line mine = line;
            if (mine == null) {
                return;
            }
            if (isStandby()) {
                leaveStandby(Candidate.State.FAILED, "it opened, and then " + reason);
                return;
            }
            if (!isCarrier()) {
                return;
            }
            int missed = mine.missedOne();
            lookForAnother();
            if (missed >= HOPELESS_AFTER) {
                lose(
                        FailureKind.SILENT,
                        missed + " status polls in a row failed, the last: " + reason,
                        backoff.afterLoss());
                return;
            }
            if (missed >= SILENT_AFTER && snapshot.state().ready()) {
                noteLoss(mine);
                apply(new ConnectionEvent.Lost(
                        time.now(),
                        FailureKind.SILENT,
                        "connected, but " + missed + " status polls in a row failed: " + reason,
                        time.now()));
            } else {
                publish();
            }
            choose();
        }

        @Override
        public void tokenRefused(String reason) {
            if (isStandby()) {
                leaveStandby(Candidate.State.FAILED, "the machine no longer takes the token: " + reason);
            } else if (isCarrier()) {
                lose(
                        FailureKind.CREDENTIALS,
                        "the machine no longer takes the token, authenticating again: " + reason,
                        snapshot.state().ready()
                                ? backoff.afterLoss()
                                : backoff.after(snapshot.state().attempts() + 1, FailureKind.CREDENTIALS));
            }
        }
    }
}
