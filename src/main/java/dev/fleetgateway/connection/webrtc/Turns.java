package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who may dial which machine now: one at a time, whoever asks, and for a while after a dial that failed nobody. A machine has two
 * places for offers, and one that never connects holds its place for 10 s (seen live): a second would lock everybody out.
 *
 * <p>Bounded by the machines that are dialed or were lately.
 */
final class Turns {

    static final Duration PAUSE = Duration.ofMillis(10_500);

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Place, State> places = new HashMap<>();

    /** Where a machine waits for offers; two names of one machine are one place. */
    record Place(Address server, String host) {

        static Place of(Signaling signaling) {
            return new Place(signaling.address(), signaling.host());
        }
    }

    private sealed interface State {
        record Dialing() implements State {}

        record Pausing(long since, String failure) implements State {}
    }

    Turns(Time time) {
        this.time = time;
    }

    /** How long the pause after a failed dial lasts yet; zero where there is none. */
    Duration pause(Place place) {
        lock.lock();
        try {
            return places.get(place) instanceof State.Pausing(long since, String _) && !isOver(since)
                    ? PAUSE.minus(time.since(since))
                    : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the turn; where it is not to be had, says why. */
    Optional<String> take(Place place) {
        lock.lock();
        try {
            State now = places.get(place);
            if (now instanceof State.Dialing) {
                return Optional.of(
                        "another dial by WebRTC is under way to " + place.host + ", and it takes one at a time");
            }
            if (now instanceof State.Pausing(long since, String failure) && !isOver(since)) {
                Duration left = PAUSE.minus(time.since(since));
                return Optional.of("%s; by WebRTC it may be dialed again in %d s"
                        .formatted(failure, Math.ceilDiv(left.toMillis(), 1000)));
            }
            places.put(place, new State.Dialing());
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Gives the turn back; anybody may take it. */
    void end(Place place) {
        lock.lock();
        try {
            places.remove(place);
        } finally {
            lock.unlock();
        }
    }

    /** Gives the turn back after a dial that failed. */
    void fail(Place place, String failure) {
        lock.lock();
        try {
            places.values().removeIf(state -> state instanceof State.Pausing(long since, var _) && isOver(since));
            places.put(place, new State.Pausing(time.nanos(), failure));
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver(long since) {
        return time.since(since).compareTo(PAUSE) >= 0;
    }
}
