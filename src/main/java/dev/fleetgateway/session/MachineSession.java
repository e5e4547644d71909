package dev.fleetgateway.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.connection.CallTracer;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.time.Time;
import io.grpc.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import viam.robot.v1.SendSessionHeartbeatResponse;
import viam.robot.v1.StartSessionResponse;

/** The gateway's one session on one machine. Safe for use by many threads; nothing here blocks. */
public final class MachineSession {

    /** The exact words of a machine for a session that is not, not any more, or not ours (seen live). */
    public static final String EXPIRED = "SESSION_EXPIRED";

    /** The machine looks every 10 ms for sessions that have run out; the rest is for the way there. */
    static final Duration AFTER_WINDOW = Duration.ofMillis(100);

    private final SessionSettings settings;
    private final Time time;
    private final Beats beats;
    private final LongSupplier presentUntil;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private SessionState state = new SessionState.None();

    // The link the state is about; null before the first.
    @GuardedBy("lock")
    private @Nullable Link link;

    @GuardedBy("lock")
    private @Nullable CompletableFuture<Sid> opening;

    // When the machine can last have heard of the session, with an answer or without.
    @GuardedBy("lock")
    private long lastSign;

    @GuardedBy("lock")
    private Time.@Nullable Timer timer;

    /**
     * No session yet.
     *
     * @param beats told of every beat, for a meter
     * @param presentUntil until when somebody is present, as a reading of {@link Time#nanos()}; asked before every beat
     */
    public MachineSession(
            SessionSettings settings, Time time, Beats beats, LongSupplier presentUntil, Listener listener) {
        this.settings = settings;
        this.time = time;
        this.beats = beats;
        this.presentUntil = presentUntil;
        this.listener = listener;
    }

    /** Hears that a session died while somebody was present. */
    @FunctionalInterface
    public interface Listener {
        /**
         * It is dead on that link, or must be taken for it; whatever it protected has been stopped by the machine, or soon will be.
         */
        void lost(Link on, String reason);
    }

    /**
     * Sees to it that there is a living session on that link: the one there is, the one just left, or a new one once the old
     * one is dead. Beats from then on while somebody is present.
     *
     * @return fails with a {@code ProblemException}, outcome {@code NOT_SENT}
     */
    public CompletableFuture<Sid> open(Link on) {
        CompletableFuture<Sid> mine;
        Runnable next;
        lock.lock();
        try {
            if (opening != null && on.equals(link)) {
                return opening.copy();
            }
            dropOpening("its link is gone");
            if (state instanceof SessionState.Alive alive && on.equals(link)) {
                return CompletableFuture.completedFuture(new Sid(alive.id(), on, alive.window()));
            }
            if (state instanceof SessionState.Alive) {
                leave(false);
            }
            if (!on.equals(link)) {
                // A session is good for the owner that its link has, so it is not carried over.
                state = state.on(new SessionEvent.OtherMachine()).on(new SessionEvent.Left(time.nanos(), false));
            }
            link = on;
            mine = new CompletableFuture<>();
            opening = mine;
            next = nextStep(on, mine);
        } finally {
            lock.unlock();
        }
        next.run();
        return mine.copy();
    }

    /** The living session, if there is one and its link carries. */
    public Optional<Sid> living() {
        lock.lock();
        try {
            Link on = link;
            return state instanceof SessionState.Alive alive
                            && on != null
                            && on.usable()
                            && time.since(alive.heardAt()).compareTo(alive.window()) < 0
                    ? Optional.of(new Sid(alive.id(), on, alive.window()))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The machine's window, if it is known and there is a session. */
    public Optional<Duration> window() {
        lock.lock();
        try {
            return switch (state) {
                case SessionState.Alive alive -> Optional.of(alive.window());
                case SessionState.Fading fading -> Optional.of(fading.window());
                case SessionState.None _, SessionState.Starting _, SessionState.Unsupported _ -> Optional.empty();
            };
        } finally {
            lock.unlock();
        }
    }

    /** Where it stands. */
    SessionState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** A monitored call under the session was sent now, or has just ended: the machine may hear of it now. */
    public void touched() {
        lock.lock();
        try {
            lastSign = time.nanos();
            if (state instanceof SessionState.Fading fading) {
                long dead = lastSign + fading.window().plus(AFTER_WINDOW).toNanos();
                state = state.on(new SessionEvent.Left(dead, true));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A call under that session was answered that had been sent at the given moment: so the machine has heard of it then. */
    void heard(String id, long sentAt) {
        lock.lock();
        try {
            state = state.on(new SessionEvent.Heard(id, sentAt));
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is present: no beat from now on. The next to come inside the window may go on with it. */
    public void rest() {
        lock.lock();
        try {
            leave(true);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Nobody is present, and something sent under it may still arrive: it is never gone on with.
     *
     * @return completes when it is dead at the machine
     */
    public CompletableFuture<Void> abandon() {
        Duration wait;
        lock.lock();
        try {
            leave(false);
            wait = untilDead();
        } finally {
            lock.unlock();
        }
        CompletableFuture<Void> dead = new CompletableFuture<>();
        time.after(wait, () -> dead.complete(null));
        return dead;
    }

    /** The machine said that the session is not alive. */
    public void died(String id, String reason) {
        lose(id, reason, true);
    }

    /** Its link is gone. */
    public void linkLost(Link gone, String reason) {
        lock.lock();
        try {
            if (!gone.equals(link)) {
                return;
            }
            dropOpening(reason);
            if (!(state instanceof SessionState.Alive)) {
                return;
            }
            leave(false);
        } finally {
            lock.unlock();
        }
        listener.lost(gone, reason);
    }

    @GuardedBy("lock")
    private void leave(boolean reusable) {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        Duration window = switch (state) {
            case SessionState.Alive alive -> alive.window();
            case SessionState.Fading fading -> fading.window();
            case SessionState.None _, SessionState.Starting _, SessionState.Unsupported _ -> Duration.ZERO;
        };
        long sign = Math.max(lastSign, state instanceof SessionState.Alive alive ? alive.heardAt() : lastSign);
        state = state.on(new SessionEvent.Left(sign + window.plus(AFTER_WINDOW).toNanos(), reusable));
        dropOpening("nobody is present any more");
    }

    /** Whoever waits for a session is told that there will be none, outside the lock. */
    @GuardedBy("lock")
    private void dropOpening(String why) {
        CompletableFuture<Sid> left = opening;
        if (left != null) {
            opening = null;
            time.after(Duration.ZERO, () -> left.completeExceptionally(SessionCalls.notSent(why)));
        }
    }

    // By identity: another opening may have begun since.
    @SuppressWarnings("ReferenceEquality")
    @GuardedBy("lock")
    private boolean isOpening(CompletableFuture<Sid> mine) {
        return mine == opening;
    }

    @GuardedBy("lock")
    private Duration untilDead() {
        return state instanceof SessionState.Fading fading
                ? Duration.ofNanos(Math.max(0, fading.deadAt() - time.nanos()))
                : Duration.ZERO;
    }

    /** What opening has to do next; run outside the lock. */
    @GuardedBy("lock")
    private Runnable nextStep(Link on, CompletableFuture<Sid> mine) {
        if (state instanceof SessionState.Fading fading) {
            // Late in its window a beat and the machine's own look for the dead may cross, and a session that is
            // answered for
            // could die all the same.
            Duration fresh = fading.window().multipliedBy(3).dividedBy(4);
            if (fading.reusable() && time.since(fading.heardAt()).compareTo(fresh) < 0) {
                return () -> goOnWith(fading.id(), on, mine);
            }
            Duration wait = untilDead();
            if (wait.isPositive()) {
                return () -> time.after(wait, () -> afterDeath(fading.id(), on, mine));
            }
        }
        if (state instanceof SessionState.Unsupported) {
            return () -> unsupported(on, mine);
        }
        state = new SessionState.None().on(new SessionEvent.Asked());
        return () -> start(on, mine);
    }

    private void afterDeath(String id, Link on, CompletableFuture<Sid> mine) {
        Runnable next;
        lock.lock();
        try {
            if (!isOpening(mine)) {
                return;
            }
            // What was sent meanwhile may have moved the moment.
            if (untilDead().isZero()) {
                state = state.on(new SessionEvent.Died(id));
            }
            next = nextStep(on, mine);
        } finally {
            lock.unlock();
        }
        next.run();
    }

    private void goOnWith(String id, Link on, CompletableFuture<Sid> mine) {
        long sent = time.nanos();
        var _ = beat(id, on).whenComplete((_, failure) -> {
            Runnable next = () -> {};
            Sid good = null;
            lock.lock();
            try {
                if (!isOpening(mine)) {
                    return;
                }
                if (failure == null) {
                    state = state.on(new SessionEvent.Resumed(id, sent));
                } else if (SessionCalls.isExpired(failure)) {
                    state = state.on(new SessionEvent.Died(id));
                } else {
                    leaveUnheard();
                }
                if (state instanceof SessionState.Alive alive) {
                    opening = null;
                    good = new Sid(id, on, alive.window());
                    beatSoon(alive.window());
                } else {
                    next = nextStep(on, mine);
                }
            } finally {
                lock.unlock();
            }
            if (good != null) {
                mine.complete(good);
            }
            next.run();
        });
    }

    // A beat without an answer may have been heard as late as now.
    @GuardedBy("lock")
    private void leaveUnheard() {
        if (state instanceof SessionState.Fading fading) {
            long dead = time.nanos() + fading.window().plus(AFTER_WINDOW).toNanos();
            state = state.on(new SessionEvent.Left(dead, false));
        }
    }

    private void start(Link on, CompletableFuture<Sid> mine) {
        long sent = time.nanos();
        var _ = SessionCalls.start(on).whenComplete((answer, failure) -> started(on, mine, sent, answer, failure));
    }

    private void started(
            Link on,
            CompletableFuture<Sid> mine,
            long sent,
            @Nullable StartSessionResponse answer,
            @Nullable Throwable failure) {
        Sid sid = null;
        boolean unsupported = failure != null && Status.fromThrowable(failure).getCode() == Status.Code.UNIMPLEMENTED;
        lock.lock();
        try {
            if (!isOpening(mine)) {
                return;
            }
            if (answer != null) {
                Duration window = Duration.ofSeconds(
                        answer.getHeartbeatWindow().getSeconds(),
                        answer.getHeartbeatWindow().getNanos());
                state = state.on(new SessionEvent.Started(answer.getId(), window, sent));
                lastSign = time.nanos();
                sid = new Sid(answer.getId(), on, window);
                beatSoon(window);
            } else {
                state = state.on(new SessionEvent.Refused(unsupported));
            }
            if (!unsupported) {
                opening = null;
            }
        } finally {
            lock.unlock();
        }
        if (sid != null) {
            mine.complete(sid);
        } else if (unsupported) {
            unsupported(on, mine);
        } else {
            mine.completeExceptionally(SessionCalls.refused(Objects.requireNonNull(failure, "an answer or a failure")));
        }
    }

    private void unsupported(Link on, CompletableFuture<Sid> mine) {
        lock.lock();
        try {
            opening = null;
        } finally {
            lock.unlock();
        }
        if (settings.allowUnprotected()) {
            mine.complete(new Sid(null, on, Duration.ZERO));
        } else {
            mine.completeExceptionally(SessionCalls.unsupported());
        }
    }

    private CompletableFuture<SendSessionHeartbeatResponse> beat(String id, Link on) {
        long sent = time.nanos();
        lock.lock();
        try {
            lastSign = sent;
        } finally {
            lock.unlock();
        }
        Duration window = window().orElse(SessionCalls.START_PATIENCE);
        CallTracer tracer = new CallTracer();
        return SessionCalls.beat(on, id, window, tracer).whenComplete((_, failure) -> {
            if (failure == null || tracer.handed()) {
                touched();
            }
            beats.beaten(SessionCalls.result(failure));
        });
    }

    @GuardedBy("lock")
    private void beatSoon(Duration window) {
        timer = time.after(window.dividedBy(settings.beatsPerWindow()), this::tick);
    }

    private void tick() {
        String id;
        Link on;
        boolean silent;
        lock.lock();
        try {
            if (!(state instanceof SessionState.Alive alive) || link == null) {
                return;
            }
            if (time.nanos() - presentUntil.getAsLong() >= 0) {
                leave(true);
                return;
            }
            id = alive.id();
            on = link;
            silent = time.since(alive.heardAt()).compareTo(alive.window().plus(AFTER_WINDOW)) > 0;
            if (!silent) {
                beatSoon(alive.window());
            }
        } finally {
            lock.unlock();
        }
        if (silent) {
            lose(id, "the machine has answered no beat for a whole window", false);
            return;
        }
        long sent = time.nanos();
        var _ = beat(id, on).whenComplete((_, failure) -> {
            if (failure == null) {
                heard(id, sent);
            } else if (SessionCalls.isExpired(failure)) {
                lose(id, "the machine says that the session has expired", true);
            }
        });
    }

    private void lose(String id, String reason, boolean dead) {
        Link on;
        lock.lock();
        try {
            on = link;
            if (!(state instanceof SessionState.Alive alive) || !alive.id().equals(id) || on == null) {
                return;
            }
            // Unanswered beats may be heard yet, unless the machine itself has said that it is dead.
            leave(false);
            if (dead) {
                state = state.on(new SessionEvent.Died(id));
            }
        } finally {
            lock.unlock();
        }
        listener.lost(on, reason);
    }

    /** Counts beats. */
    @FunctionalInterface
    public interface Beats {
        /** One beat ended: {@code ok}, {@code expired}, {@code missed} or {@code failed}. */
        void beaten(String result);
    }
}
