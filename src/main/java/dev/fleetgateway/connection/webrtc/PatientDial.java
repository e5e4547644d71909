package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.connection.Dialer;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A dial that waits out the pause after a failed one, where its time allows: who needs the way now would else ask again and again, and
 * miss the moment. It fails at once where another is under way, since that one will tell.
 */
final class PatientDial implements Dialer.Dial {

    private final Machine machine;
    private final Signaling signaling;
    private final Dialer.Listener listener;
    private final WebRtcDial.Means means;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable WebRtcDial dial;

    @GuardedBy("lock")
    private Time.@Nullable Timer waiting;

    @GuardedBy("lock")
    private boolean over;

    PatientDial(Machine machine, Signaling signaling, Dialer.Listener listener, WebRtcDial.Means means) {
        this.machine = machine;
        this.signaling = signaling;
        this.listener = listener;
        this.means = means;
    }

    PatientDial begin() {
        Duration pause = means.turns().pause(Turns.Place.of(signaling));
        if (pause.isZero() || pause.compareTo(machine.dialTimeout()) >= 0) {
            dial();
            return this;
        }
        lock.lock();
        try {
            waiting = means.time().after(pause, this::dial);
        } finally {
            lock.unlock();
        }
        return this;
    }

    private void dial() {
        Optional<String> notNow;
        WebRtcDial begun = new WebRtcDial(machine, signaling, listener, means);
        lock.lock();
        try {
            if (over) {
                return;
            }
            notNow = means.turns().take(Turns.Place.of(signaling));
            over = notNow.isPresent();
            dial = notNow.isPresent() ? null : begun;
        } finally {
            lock.unlock();
        }
        if (notNow.isPresent()) {
            means.meters().failed(FailureKind.TOO_OFTEN);
            listener.failed(FailureKind.TOO_OFTEN, notNow.get());
        } else {
            begun.start();
        }
    }

    @Override
    public void close() {
        WebRtcDial begun = end();
        if (begun != null) {
            begun.close();
        }
    }

    @Override
    public void retire() {
        WebRtcDial begun = end();
        if (begun != null) {
            begun.retire();
        }
    }

    /** Nothing begins from now on. */
    private @Nullable WebRtcDial end() {
        lock.lock();
        try {
            over = true;
            if (waiting != null) {
                waiting.cancel();
            }
            return dial;
        } finally {
            lock.unlock();
        }
    }
}
