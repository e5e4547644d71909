package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.Dialer;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.FirstCalls;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.peer.Peers;
import dev.fleetgateway.peer.PeersUnavailableException;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.time.Time;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import proto.rpc.webrtc.v1.WebRTCConfig;

/**
 * One dial: get accepted by the signaling server, agree with the machine on a way, wait for the data channel, ask over it what runs
 * there; and then the link it became. Whatever may block, the native library's calls among it, runs on virtual threads.
 */
final class WebRtcDial implements Dialer.Dial, Peer.Listener, Conversation.Listener {

    /** A signaling server gives an offer 10 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration PAIR_AGAIN = Duration.ofMillis(100);
    private static final int PAIR_TRIES = 5;

    private static final Executor THREADS = Thread::startVirtualThread;

    private static final String UNWANTED = "another way was sooner, or it is not wanted any more";

    private final Machine machine;
    private final Signaling signaling;
    private final Dialer.Listener listener;
    private final Means means;
    private final SignalingFailures failures;
    private final Conversation conversation;
    private final Renewals.Renewal renewal;
    private final long begun;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OPENING);
    private final AtomicReference<Lines.@Nullable Line> line = new AtomicReference<>();
    private final AtomicReference<@Nullable Peer> peer = new AtomicReference<>();
    private final AtomicReference<@Nullable Carrier> carrier = new AtomicReference<>();
    private final WholeOffer whole = new WholeOffer();

    /** It may make a native connection and has not made one yet. */
    private final AtomicBoolean reserved = new AtomicBoolean();

    private volatile boolean trickle = true;
    private volatile Stage stage = Stage.SIGNALING;
    private volatile boolean lineLost;
    private volatile Time.@Nullable Timer timeout;

    /** What all dials of a gateway share. */
    record Means(
            Peers peers,
            Carrier.Maker carriers,
            Lines lines,
            Tokens tokens,
            Turns turns,
            Budget budget,
            Renewals renewals,
            WebRtcMeters meters,
            RouteKinds kinds,
            Time time) {}

    private enum Phase {
        OPENING,
        /** Nobody wants it any more, but the machine holds a place for its offer until it connects. */
        UNWANTED,
        OPEN,
        RETIRED,
        OVER
    }

    /** How far it has come: a dial that runs out of time says what it waited for. */
    private enum Stage {
        SIGNALING("the signaling server %s did not answer"),
        OFFERED("the machine did not answer the offer; it may not be in touch with the signaling server %s"),
        ANSWERED("the machine answered through the signaling server %s, but no packets pass between the two sides"),
        CONNECTED("the data channel is open, but the machine did not answer over it");

        private final String words;

        Stage(String words) {
            this.words = words;
        }
    }

    WebRtcDial(Machine machine, Signaling signaling, Dialer.Listener listener, Means means) {
        this.machine = machine;
        this.signaling = signaling;
        this.listener = listener;
        this.means = means;
        this.failures = new SignalingFailures(signaling, machine.credentials());
        this.conversation = new Conversation(failures, this);
        this.renewal = means.renewals.renewal();
        this.begun = means.time.nanos();
    }

    /** Begins, unless as many connections as may be were made: then nobody is asked for anything. */
    void start() {
        if (!means.budget.take()) {
            fail(
                    FailureKind.TOO_OFTEN,
                    "this gateway has made as many connections by WebRTC as gateway.webrtc.dials-per-minute allows");
            return;
        }
        reserved.set(true);
        if (phase.get() != Phase.OPENING) {
            unreserve();
            return;
        }
        limit(machine.dialTimeout().compareTo(PATIENCE) < 0 ? machine.dialTimeout() : PATIENCE);
        THREADS.execute(this::signal);
    }

    private void limit(Duration within) {
        cancelTimeout();
        timeout = means.time.after(within, this::tooLate);
        if (phase.get() != Phase.OPENING) {
            cancelTimeout();
        }
    }

    private void tooLate() {
        Stage reached = stage;
        Duration took = means.time.since(begun);
        // A connection on which a server was silent may be dead without knowing.
        lineLost = reached == Stage.SIGNALING;
        THREADS.execute(() -> fail(
                FailureKind.TIMEOUT,
                "after " + took.toSeconds() + " s: " + reached.words.formatted(signaling.address())));
    }

    private void signal() {
        try {
            Lines.Line borrowed = means.lines.borrow(Lines.Server.of(signaling));
            line.set(borrowed);
            if (phase.get() != Phase.OPENING) {
                giveBack(true);
                return;
            }
            var _ = new Signaler(borrowed.channel(), signaling, machine.credentials(), failures, means.tokens, THREADS)
                    .accepted()
                    .thenComposeAsync(
                            accepted -> offer(accepted.config())
                                    .thenAcceptAsync(sdp -> call(accepted.channel(), sdp), THREADS),
                            THREADS)
                    .whenComplete((_, failure) -> {
                        if (failure != null) {
                            THREADS.execute(() -> fail(failure));
                        }
                    });
        } catch (NoSuchSslBundleException e) {
            fail(
                    FailureKind.CERTIFICATE,
                    "there is no SSL bundle named " + e.getBundleName() + "; define it under spring.ssl.bundle");
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private CompletableFuture<String> offer(WebRTCConfig config) {
        if (!reserved.compareAndSet(true, false)) {
            // It ended meanwhile.
            return new CompletableFuture<>();
        }
        trickle = !config.getDisableTrickle();
        Peer made = means.peers.open(IceServers.of(config, signaling), this);
        means.meters.made();
        peer.set(made);
        if (phase.get() != Phase.OPENING) {
            closePeer("the dial was given up");
            return new CompletableFuture<>();
        }
        return trickle ? made.offer() : whole.of(made.offer(), means.time);
    }

    private void call(Channel channel, String sdp) {
        stage = Stage.OFFERED;
        conversation.offer(channel, sdp, trickle);
    }

    @Override
    public void candidate(Peer.IceCandidate candidate) {
        if (trickle) {
            THREADS.execute(() -> conversation.tell(candidate));
        } else {
            whole.found(candidate);
        }
    }

    @Override
    public void gathered() {
        whole.gathered();
    }

    @Override
    public void answered(String sdp) {
        stage = Stage.ANSWERED;
        THREADS.execute(() -> {
            Peer open = peer.get();
            if (open != null) {
                var _ = open.accept(sdp)
                        .whenCompleteAsync(
                                (_, failure) -> {
                                    if (failure == null) {
                                        conversation.taken();
                                    } else {
                                        fail(
                                                FailureKind.PROTOCOL,
                                                "the machine's answer to the offer is not good: "
                                                        + failure.getMessage());
                                    }
                                },
                                THREADS);
            }
        });
    }

    @Override
    public void heard(Peer.IceCandidate candidate) {
        THREADS.execute(() -> {
            Peer open = peer.get();
            if (open != null) {
                open.add(candidate);
            }
        });
    }

    @Override
    public void unanswered(DialFailedException failure) {
        THREADS.execute(() -> fail(failure));
    }

    @Override
    public void opened() {
        THREADS.execute(this::connected);
    }

    private void connected() {
        if (phase.compareAndSet(Phase.UNWANTED, Phase.OVER)) {
            // Its place at the machine is free again.
            cancelTimeout();
            means.turns.end(Turns.Place.of(signaling));
            var _ = conversation.done().whenComplete((_, _) -> giveBack(true));
            closePeer(UNWANTED);
            return;
        }
        Peer open = peer.get();
        if (phase.get() != Phase.OPENING || open == null) {
            return;
        }
        stage = Stage.CONNECTED;
        var _ = conversation.done().whenComplete((_, _) -> giveBack(true));
        limit(machine.dialTimeout().minus(means.time.since(begun)));
        look(open, PAIR_TRIES);
    }

    /** The pair may be known a moment after the channel is open. */
    private void look(Peer open, int tries) {
        var _ = open.pair()
                .thenApply(pair -> ObservedWay.of(pair, means.kinds, means.time.now()))
                .whenCompleteAsync(
                        (way, failure) -> {
                            if (failure == null) {
                                introduce(open, way);
                            } else if (tries > 1) {
                                means.time.after(PAIR_AGAIN, () -> THREADS.execute(() -> look(open, tries - 1)));
                            } else {
                                fail(
                                        FailureKind.OTHER,
                                        "it cannot be seen which way it takes: " + ProblemException.cause(failure));
                            }
                        },
                        THREADS);
    }

    private void introduce(Peer open, ObservedWay way) {
        Carrier made = means.carriers.over(open, way.far());
        carrier.set(made);
        if (phase.get() != Phase.OPENING) {
            closePeer("the dial was given up");
            return;
        }
        // Being able to signal is the authorization: no token is taken in here (seen live).
        Channel ready = FirstCalls.tokenless(made.channel());
        Duration left = machine.dialTimeout().minus(means.time.since(begun));
        var _ = FirstCalls.introduction(ready, left)
                .thenAcceptAsync(
                        reply -> {
                            switch (reply) {
                                case Reply.Given<FirstCalls.Introduction>(var said, var _) -> become(ready, said, way);
                                case Reply.Refused<FirstCalls.Introduction>(var status) -> unintroduced(status);
                                case Reply.Nonsense<FirstCalls.Introduction>(var status) -> unintroduced(status);
                                case Reply.Lost<FirstCalls.Introduction>(var status) -> unintroduced(status);
                            }
                        },
                        THREADS);
    }

    private void unintroduced(Status status) {
        fail(
                status.getCode() == Status.Code.DEADLINE_EXCEEDED ? FailureKind.TIMEOUT : FailureKind.CLOSED,
                "the data channel opened, but the machine did not say over it what it is: " + status.getCode()
                        + (status.getDescription() == null ? "" : " " + status.getDescription()));
    }

    private void become(Channel ready, FirstCalls.Introduction introduction, ObservedWay way) {
        if (phase.compareAndSet(Phase.OPENING, Phase.OPEN)) {
            cancelTimeout();
            means.turns.end(Turns.Place.of(signaling));
            means.meters.opened();
            String identity = introduction.identity(way.route().peer());
            listener.opened(
                    new WebRtcLink(
                            ready, way.route(), identity, () -> phase.get() == Phase.OPEN, this::worn, this::look),
                    introduction.software());
        }
    }

    private boolean worn() {
        Peer open = peer.get();
        return open != null && open.worn() && renewal.granted();
    }

    /** The pair in use now, which may be another than at first. */
    private CompletableFuture<Route> look() {
        Peer open = peer.get();
        return open == null
                ? CompletableFuture.failedFuture(new IllegalStateException("it is closed"))
                : open.pair()
                        .thenApply(pair -> ObservedWay.of(pair, means.kinds, means.time.now())
                                .route());
    }

    @Override
    public void frame(byte[] frame) {
        Carrier open = carrier.get();
        if (open != null) {
            open.frame(frame);
        }
    }

    @Override
    public void closed(String reason) {
        THREADS.execute(() -> {
            Phase before = phase.getAndSet(Phase.OVER);
            if (before == Phase.OPENING) {
                failed(FailureKind.CLOSED, "the connection by WebRTC ended before it was open: " + reason);
            } else if (before == Phase.UNWANTED) {
                failedUnwanted();
            } else {
                closePeer(reason);
                if (before == Phase.OPEN) {
                    listener.broke(FailureKind.CLOSED, "the connection by WebRTC is over: " + reason);
                }
            }
        });
    }

    private void fail(Throwable failure) {
        switch (ProblemException.cause(failure)) {
            case DialFailedException known -> {
                lineLost = known.lineLost();
                fail(known.kind(), known.reason());
            }
            case PeersUnavailableException missing ->
                fail(FailureKind.NOT_INSTALLED, String.valueOf(missing.getMessage()));
            case null, default -> fail(FailureKind.OTHER, "the dial failed: " + failure);
        }
    }

    private void fail(FailureKind kind, String reason) {
        if (phase.compareAndSet(Phase.OPENING, Phase.OVER)) {
            failed(kind, reason);
        } else if (phase.compareAndSet(Phase.UNWANTED, Phase.OVER)) {
            failedUnwanted();
        }
    }

    private void failedUnwanted() {
        String reason = "an offer was sent and given up, and never connected";
        cancelTimeout();
        end(reason);
        means.turns.fail(Turns.Place.of(signaling), reason);
    }

    private void failed(FailureKind kind, String reason) {
        cancelTimeout();
        end(reason);
        if (conversation.offered()) {
            // The offer holds its place at the machine, whatever is said after it.
            means.turns.fail(Turns.Place.of(signaling), reason);
        } else {
            means.turns.end(Turns.Place.of(signaling));
        }
        means.meters.failed(kind);
        listener.failed(kind, reason);
    }

    private void unreserve() {
        if (reserved.compareAndSet(true, false)) {
            means.budget.giveBack();
        }
    }

    private void end(String why) {
        unreserve();
        boolean lost = lineLost;
        var _ = conversation.giveUp(why).whenComplete((_, _) -> giveBack(!lost));
        closePeer(why);
    }

    @Override
    public void close() {
        if (abandoned()) {
            return;
        }
        Phase before = phase.get();
        if ((before == Phase.OPEN || before == Phase.RETIRED) && phase.compareAndSet(before, Phase.OVER)) {
            closePeer("it was closed here");
        }
    }

    @Override
    public void retire() {
        Carrier open = carrier.get();
        if (!abandoned() && open != null && phase.compareAndSet(Phase.OPEN, Phase.RETIRED)) {
            open.retire(() -> closePeer("it was closed here after its last call"));
        }
    }

    /** A dial that is given up after its offer goes on until it connects: only that frees its place at the machine. */
    private boolean abandoned() {
        boolean holdsPlace = conversation.offered() && stage.compareTo(Stage.CONNECTED) < 0;
        if (!phase.compareAndSet(Phase.OPENING, holdsPlace ? Phase.UNWANTED : Phase.OVER)) {
            return false;
        }
        means.meters.abandoned();
        if (!holdsPlace) {
            cancelTimeout();
            means.turns.end(Turns.Place.of(signaling));
            end(UNWANTED);
        }
        return true;
    }

    private void closePeer(String reason) {
        Peer open = peer.getAndSet(null);
        if (open != null) {
            open.close();
        }
        Carrier carrying = carrier.getAndSet(null);
        if (carrying != null) {
            carrying.over(reason);
        }
    }

    private void giveBack(boolean good) {
        Lines.Line borrowed = line.getAndSet(null);
        if (borrowed != null) {
            borrowed.giveBack(good);
        }
    }

    private void cancelTimeout() {
        Time.Timer timer = timeout;
        if (timer != null) {
            timer.cancel();
        }
    }
}
