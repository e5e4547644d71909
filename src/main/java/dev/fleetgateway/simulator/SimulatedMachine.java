package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One machine of a simulated fleet. It answers as viam-server does, on a loopback port of its own, and breaks in the ways
 * its verbs say. A verb returns when what it says is in force; none may be called on an event loop.
 *
 * <p>Safe for use by many threads.
 */
public final class SimulatedMachine {

    /** How long a restarted machine is initializing, at least. */
    public static final Duration RESTARTING = Duration.ofSeconds(1);

    /** A machine told to shut down answers first. */
    private static final Duration SHUTDOWN_DELAY = Duration.ofMillis(100);

    private final MachineSpec spec;
    private final Time time;
    private final Faults faults;
    private final DriverFaults drivers = new DriverFaults();
    private final Recorder recorder = new Recorder();
    private final Shared shared;
    private final Entrances entrances;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Life life;

    @GuardedBy("lock")
    private boolean closed;

    SimulatedMachine(MachineSpec spec, Time time, Shared shared) {
        this.spec = spec;
        this.time = time;
        this.shared = shared;
        this.faults = new Faults(time);
        this.entrances = new Entrances(spec, time, shared, faults);
        this.life = born(spec.starting());
        lock.lock();
        try {
            entrances.open(life, recorder);
        } finally {
            lock.unlock();
        }
    }

    /** Its name in the fleet. */
    public String name() {
        return spec.name();
    }

    /** What it was made from. */
    public MachineSpec spec() {
        return spec;
    }

    /** What the demo's settings say of it. */
    public Map<String, String> labels() {
        return spec.labels();
    }

    /** The port it listens on, the same over all restarts. */
    public int port() {
        return entrances.port();
    }

    /** The second port it listens on, the same over all restarts; empty if its specification wants none. */
    public OptionalInt secondPort() {
        return entrances.secondPort();
    }

    /** Where to reach it, as host and port. */
    public String address() {
        return entrances.address();
    }

    /** The name in its certificate and in its tokens. */
    public String serverName() {
        return serverName(spec);
    }

    /** Its other name, which means that it is on the caller's own network. */
    public String localName() {
        return localName(spec);
    }

    /** Its part id in the cloud; empty if it is not managed. */
    public Optional<String> partId() {
        return spec.managed() ? Optional.of(partId(spec)) : Optional.empty();
    }

    /** The key it asks for; empty if it is open. */
    public Optional<MachineSpec.Key> credentials() {
        return spec.key();
    }

    /** The certificate of the authority that signed its own; empty if it speaks plaintext. */
    public Optional<String> caPem() {
        return spec.tls() ? Optional.of(shared.authority().pem()) : Optional.empty();
    }

    /** How many connections it has now, at all its ports and by WebRTC. */
    public int connections() {
        return entrances.connections();
    }

    /** Who answers the offers that come to it by one of its networks; empty for a machine without WebRTC. */
    Optional<Answerer> answerer(Passage.Network network) {
        return entrances.answerer(network);
    }

    /** Whether its cloud hears of it now. */
    boolean reachesCloud() {
        return !faults.has(Fault.POWER_OFF) && !faults.has(Fault.LOSE_INTERNET);
    }

    /** The names under which it waits at its cloud's signaling. */
    Set<String> cloudHosts() {
        return entrances.cloudHosts();
    }

    /**
     * Takes calls and does not answer them, until it is mended. They count as in flight, can be cancelled, and are carried
     * out when it is mended.
     *
     * @param method the only method concerned, such as {@code viam.component.motor.v1.MotorService/GoFor}; null for all
     */
    public void hang(@Nullable String method) {
        faults.hang(method);
    }

    /**
     * Carries calls out only after a while. They are in all that time: listed, counted, protected by their session.
     *
     * @param method the only method concerned; null for all
     */
    public void delay(@Nullable String method, Duration delay) {
        faults.delay(method, delay);
    }

    /**
     * Lets calls reach the machine only after a while, until it is mended, as over a slow network: they are not listed,
     * not counted, and no session hears of them before. What is on its way arrives, whether its caller still waits or not;
     * only a machine that goes down loses it. It is no {@link Fault}, since only tests need it.
     *
     * @param method the only method concerned, but for authentication and reflection; null for all
     */
    public void delayOnTheWay(@Nullable String method, Duration delay) {
        faults.delayOnTheWay(method, delay);
    }

    /**
     * Lets the driver of a resource hang in Stop until it is mended: its Stop and StopAll are not answered, StopAll reaches
     * nothing behind it, and an expired session that moved it keeps all other sessions and monitored calls waiting, as a
     * real machine does. Cancelling does not free it. It is no {@link Fault}, since only tests need it.
     *
     * @param resource its name, such as {@code m1}
     */
    public void hangInStop(String resource) {
        drivers.hangInStop(resource);
    }

    /**
     * Lets the driver of a motor, base or arm answer timed motions at once and end them only after a while, until it is
     * mended. It is no {@link Fault}, since only tests need it.
     *
     * @param resource its name, such as {@code m1}
     */
    public void linger(String resource, Duration time) {
        drivers.linger(resource, time);
    }

    /** Neither counts nor answers heartbeats of sessions. */
    public void missHeartbeats() {
        faults.set(Fault.MISS_HEARTBEATS, true);
    }

    /** Refuses every credential and every token. An open machine asks for a token from now on. */
    public void refuseAuth() {
        faults.set(Fault.REFUSE_AUTH, true);
    }

    /**
     * Loses its cloud: the time of its last configuration stands still, offers through the cloud are not answered, and data channels
     * that came by it go silent. Its own network goes on.
     */
    public void loseInternet() {
        trouble(Fault.LOSE_INTERNET);
        life.heartbeat().lose();
    }

    /**
     * Leaves its own network without a goodbye: what came by it goes silent, and who tries anew is let in and told nothing. What goes
     * by its cloud goes on.
     */
    public void leaveLan() {
        lock.lock();
        try {
            trouble(Fault.LEAVE_LAN);
            entrances.silence();
        } finally {
            lock.unlock();
        }
    }

    /** Hears, and is not heard any more, on any way. */
    public void halfOpen() {
        trouble(Fault.HALF_OPEN);
    }

    /** Everything to it and from it takes 300 ms longer, each way. */
    public void slowLink() {
        trouble(Fault.SLOW_LINK);
    }

    /** Answers no offers any more, neither through its cloud nor by its own signaling. What is open goes on. */
    public void signalingDown() {
        trouble(Fault.SIGNALING_DOWN);
    }

    /** Goes down, if it is not, and comes up again on the same port: connections closed, tokens dead, sessions lost, initializing. */
    public void restart() {
        lock.lock();
        try {
            faults.set(Fault.POWER_OFF, false);
            entrances.close();
            rise();
        } finally {
            lock.unlock();
        }
    }

    /** Is killed: connections are reset, nothing listens. */
    public void powerOff() {
        lock.lock();
        try {
            faults.set(Fault.POWER_OFF, true);
            entrances.kill();
            die();
        } finally {
            lock.unlock();
        }
    }

    /** Comes up again on the same port, if it was off. */
    public void powerOn() {
        lock.lock();
        try {
            if (faults.has(Fault.POWER_OFF)) {
                faults.set(Fault.POWER_OFF, false);
                rise();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Drops its connections and shows a certificate of another name and authority from now on. Needs TLS. */
    public void wrongCertificate() {
        if (!spec.tls()) {
            throw new IllegalStateException(name() + " speaks plaintext and has no certificate to be wrong");
        }
        lock.lock();
        try {
            faults.set(Fault.WRONG_CERTIFICATE, true);
            if (!faults.has(Fault.POWER_OFF)) {
                reopen();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends all faults. A machine that was off comes up; calls held back are carried out. */
    public void mend() {
        lock.lock();
        try {
            boolean off = faults.has(Fault.POWER_OFF);
            boolean wrong = faults.has(Fault.WRONG_CERTIFICATE);
            boolean away = faults.has(Fault.LEAVE_LAN);
            faults.clear();
            entrances.refresh();
            drivers.mend();
            if (spec.managed()) {
                life.heartbeat().regain();
            }
            if (off) {
                rise();
            } else if (wrong) {
                reopen();
            } else if (away) {
                entrances.announce();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The faults in force that are of a {@link Fault}'s kind. */
    public List<ActiveFault> faults() {
        List<ActiveFault> active = new ArrayList<>(faults.active());
        if (life.initializing()) {
            active.add(ActiveFault.of(Fault.RESTART));
        }
        return List.copyOf(active);
    }

    /** Notes every call from now on, or no more. Off at first, since it costs memory. */
    public void recording(boolean on) {
        recorder.turn(on);
    }

    /** The last calls noted, the oldest first, 10,000 at most; also those that were refused once their request was there. */
    public List<RecordedCall> calls() {
        return recorder.calls();
    }

    /** The session that protects a resource now, by its name or full name; empty if its next expiry stops nothing there. */
    public Optional<String> protector(String resource) {
        Sessions sessions = life.sessions();
        return life.resources().all().stream()
                .map(one -> one.spec())
                .filter(spec -> spec.name().equals(resource) || spec.fullName().equals(resource))
                .flatMap(spec -> sessions.protector(spec.fullName()).stream())
                .findFirst();
    }

    /** How many monitored calls came without a session and so took protection away, noted or not. */
    public long monitoredWithoutSession() {
        return recorder.disarming();
    }

    /** Forgets the calls noted so far. */
    public void forgetCalls() {
        recorder.forget();
    }

    /** How many calls came in, refused ones and reflection too, whether noted or not. */
    public long callsSeen() {
        return recorder.seen();
    }

    /** Whether an actuator moves, without a call. False for what there is not or what cannot move. */
    public boolean isMoving(String resource) {
        return life.resources().all().stream()
                .anyMatch(one -> one.spec().name().equals(resource)
                        && one.component() instanceof Component.Actuator actuator
                        && actuator.isMoving());
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            entrances.close();
            die();
        } finally {
            lock.unlock();
        }
    }

    void awaitClosed() {
        entrances.end();
    }

    static String serverName(MachineSpec spec) {
        return spec.name() + ".sim.viam.cloud";
    }

    static String localName(MachineSpec spec) {
        return spec.name() + ".sim.local.viam.cloud";
    }

    static String partId(MachineSpec spec) {
        return RobotApi.id("part " + spec.name());
    }

    private Life born(Duration starting) {
        return new Life(spec, time, faults, drivers, starting, () -> time.after(SHUTDOWN_DELAY, this::shutDown));
    }

    // On the timer: nothing here waits.
    private void shutDown() {
        lock.lock();
        try {
            faults.set(Fault.POWER_OFF, true);
            entrances.close();
            die();
        } finally {
            lock.unlock();
        }
    }

    private void trouble(Fault fault) {
        faults.set(fault, true);
        entrances.refresh();
    }

    @GuardedBy("lock")
    private void die() {
        faults.dropAll();
        drivers.drop();
        life.end();
    }

    @GuardedBy("lock")
    private void rise() {
        if (closed) {
            return;
        }
        entrances.awaitClosed();
        die();
        life = born(RESTARTING.compareTo(spec.starting()) > 0 ? RESTARTING : spec.starting());
        entrances.open(life, recorder);
    }

    @GuardedBy("lock")
    private void reopen() {
        entrances.closePorts();
        entrances.awaitClosed();
        if (!closed) {
            entrances.open(life, recorder);
        }
    }
}
