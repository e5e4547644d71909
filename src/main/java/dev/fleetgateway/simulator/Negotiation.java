package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.peer.Peers;
import dev.fleetgateway.time.Time;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import proto.rpc.webrtc.v1.ICECandidate;

/** One offer and what comes of it: the answer, the candidates, the open data channel and its end. */
final class Negotiation implements Answerer.Conversation, Peer.Listener {

    private static final Logger log = LoggerFactory.getLogger(Negotiation.class);

    /** A machine gives up what has not opened by then. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    /** The answer waits for the first candidate, without trickling for all of them, and not longer than this. */
    private static final Duration GATHERING = Duration.ofSeconds(2);

    /** So long after it was killed the other side knows. */
    static final Duration NOTICED = Duration.ofMillis(5_900);

    private static final int MOST_CANDIDATES = 64;
    private static final long CLOSING_SECONDS = 5;

    private final Time time;
    private final Executor executor;
    private final Intake intake;
    private final String owner;
    private final Faults faults;
    private final Passage.Network network;
    private final boolean trickle;
    private final Answerer.Caller caller;
    private final Consumer<Negotiation> gone;
    private final CompletableFuture<Peer> answered = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final AtomicBoolean givenBack = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Peer.IceCandidate> candidates = new ArrayList<>();

    @GuardedBy("lock")
    private @Nullable String answer;

    @GuardedBy("lock")
    private boolean gathered;

    @GuardedBy("lock")
    private boolean answerTold;

    @GuardedBy("lock")
    private boolean endTold;

    @GuardedBy("lock")
    private boolean over;

    @GuardedBy("lock")
    private @Nullable Peer peer;

    private volatile @Nullable FramedConnection connection;
    private volatile Time.@Nullable Timer deadline;

    /**
     * @param executor runs one task after another
     * @param network by which the offer came, and by which the channel goes
     * @param gone told when everything has been given back
     */
    Negotiation(
            Time time,
            Executor executor,
            Intake intake,
            String owner,
            Faults faults,
            Passage.Network network,
            boolean trickle,
            Answerer.Caller caller,
            Consumer<Negotiation> gone) {
        this.time = time;
        this.executor = executor;
        this.intake = intake;
        this.owner = owner;
        this.faults = faults;
        this.network = network;
        this.trickle = trickle;
        this.caller = caller;
        this.gone = gone;
    }

    /** Begins to answer. */
    void begin(Peers peers, String offer) {
        deadline = time.after(
                LONGEST, () -> giveUp(Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded")));
        // The first peer of a process loads a library.
        Thread.startVirtualThread(() -> {
            try {
                Peer made = peers.open(List.of(), this);
                if (take(made)) {
                    var _ = made.answer(offer).whenComplete((sdp, failure) -> {
                        if (failure == null) {
                            answered(made, sdp);
                        } else {
                            giveUp(Status.UNKNOWN.withDescription(String.valueOf(failure.getMessage())));
                        }
                    });
                }
            } catch (RuntimeException e) {
                log.warn("No answer by WebRTC: {}", e.getMessage());
                giveUp(Status.UNAVAILABLE.withDescription(e.getMessage()));
                finished();
            }
        });
    }

    boolean open() {
        return connection != null && !closed.isDone();
    }

    /** Lets it fare as the faults in force say. */
    void refresh() {
        FramedConnection open = connection;
        if (open != null) {
            open.becomes(faults.passage(network));
        }
    }

    /** Ends it, as a process that stops. Does not wait. */
    void stop() {
        if (!over()) {
            close();
        }
    }

    /** Ends it, as a process that is killed: the other side finds out by itself. */
    void die() {
        end(NOTICED);
    }

    void awaitClosed() {
        close();
        try {
            closed.get(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("A data channel did not close in " + CLOSING_SECONDS + " s", e);
        }
    }

    @Override
    public void candidate(ICECandidate candidate) {
        Peer.IceCandidate remote = new Peer.IceCandidate(
                candidate.getCandidate(),
                candidate.hasSdpMid() ? candidate.getSdpMid() : null,
                candidate.getSdpmLineIndex());
        var _ = answered.thenAccept(answering -> answering.add(remote));
    }

    @Override
    public void done() {
        // What it has is enough, or it is not.
    }

    @Override
    public void end(Status why) {
        if (connection == null) {
            giveUp(why);
        }
    }

    @Override
    public void candidate(Peer.IceCandidate candidate) {
        lock.lock();
        try {
            if (candidates.size() < MOST_CANDIDATES) {
                candidates.add(candidate);
            }
        } finally {
            lock.unlock();
        }
        tellAnswer(false);
    }

    @Override
    public void gathered() {
        lock.lock();
        try {
            gathered = true;
        } finally {
            lock.unlock();
        }
        tellAnswer(false);
    }

    @Override
    public void opened() {
        Peer opened = answered.getNow(null);
        if (opened == null) {
            return;
        }
        FramedConnection serving = new FramedConnection(time, executor, opened, intake, owner, this::close);
        lock.lock();
        try {
            if (over) {
                return;
            }
            connection = serving;
        } finally {
            lock.unlock();
        }
        serving.becomes(faults.passage(network));
        var _ = opened.pair().thenAccept(serving::with);
        cancelDeadline();
        tellEnd(Status.OK);
        lock.lock();
        try {
            tell(caller::connected);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void frame(byte[] frame) {
        FramedConnection open = connection;
        if (open != null) {
            open.frame(frame);
        }
    }

    @Override
    public void closed(String reason) {
        close();
    }

    private boolean take(Peer made) {
        lock.lock();
        try {
            peer = made;
            if (!over) {
                return true;
            }
        } finally {
            lock.unlock();
        }
        giveBack(made);
        return false;
    }

    private void answered(Peer answering, String sdp) {
        lock.lock();
        try {
            answer = sdp;
        } finally {
            lock.unlock();
        }
        answered.complete(answering);
        tellAnswer(false);
        if (!answerTold()) {
            time.after(GATHERING, () -> tellAnswer(true));
        }
    }

    /**
     * Tells what there is to tell.
     *
     * @param late whether to wait no longer for candidates
     */
    private void tellAnswer(boolean late) {
        lock.lock();
        try {
            boolean enough = gathered || late || answerTold || (trickle && !candidates.isEmpty());
            String sdp = answer;
            if (sdp == null || !enough) {
                return;
            }
            List<Peer.IceCandidate> found = List.copyOf(candidates);
            candidates.clear();
            if (!answerTold) {
                answerTold = true;
                String told = with(found, sdp);
                tell(() -> caller.answered(told));
            }
            if (trickle) {
                // Those in the answer come again, as from a real machine.
                found.forEach(this::tell);
                if (gathered) {
                    // A machine has no more to say, though it still waits for the channel to open.
                    tellEnd(Status.OK);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    // There is one media section, so that what belongs to it comes last.
    private static String with(List<Peer.IceCandidate> candidates, String sdp) {
        StringBuilder whole = new StringBuilder(sdp);
        for (Peer.IceCandidate one : candidates) {
            if (!sdp.contains(one.candidate())) {
                whole.append("a=").append(one.candidate()).append("\r\n");
            }
        }
        return whole.toString();
    }

    @GuardedBy("lock")
    private void tell(Peer.IceCandidate candidate) {
        // A machine leaves the name of the media line empty.
        ICECandidate written = ICECandidate.newBuilder()
                .setCandidate(candidate.candidate())
                .setSdpMid("")
                .setSdpmLineIndex(candidate.line())
                .build();
        tell(() -> caller.candidate(written));
    }

    private void tellEnd(Status status) {
        lock.lock();
        try {
            if (!endTold) {
                endTold = true;
                tell(() -> caller.ended(status));
            }
        } finally {
            lock.unlock();
        }
    }

    // What is put in under the lock comes out in its order.
    @GuardedBy("lock")
    private void tell(Runnable word) {
        Passage passage = faults.passage(network);
        if (!passage.outwards() || faults.has(Fault.SIGNALING_DOWN)) {
            return;
        }
        if (passage.delay().isZero()) {
            executor.execute(word);
        } else {
            time.after(passage.delay(), () -> executor.execute(word));
        }
    }

    private void giveUp(Status why) {
        tellEnd(why);
        close();
    }

    private void close() {
        end(Duration.ZERO);
    }

    private boolean answerTold() {
        lock.lock();
        try {
            return answerTold;
        } finally {
            lock.unlock();
        }
    }

    private boolean over() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    private void end(Duration noticed) {
        Peer ending;
        boolean first;
        lock.lock();
        try {
            first = !over;
            over = true;
            ending = peer;
        } finally {
            lock.unlock();
        }
        cancelDeadline();
        FramedConnection open = connection;
        if (open != null) {
            open.end();
        }
        if (ending == null) {
            // Whoever opens it finds that it is over.
            return;
        }
        if (noticed.isZero()) {
            giveBack(ending);
        } else if (first) {
            time.after(noticed, () -> giveBack(ending));
        }
    }

    // Closing is the library's work and may take a while, and none of its own threads may wait for it.
    private void giveBack(Peer ending) {
        if (givenBack.compareAndSet(false, true)) {
            Thread.startVirtualThread(() -> {
                ending.close();
                finished();
            });
        }
    }

    private void finished() {
        closed.complete(null);
        gone.accept(this);
    }

    private void cancelDeadline() {
        Time.Timer timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
    }
}
