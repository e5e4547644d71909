package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import viam.common.v1.GeoPoint;
import viam.service.navigation.v1.Mode;
import viam.service.navigation.v1.Waypoint;

/**
 * A navigation service that drives a base by itself in every mode but manual. It is no actuator: neither StopAll nor the
 * end of a session ends its mode, and what they stop it drives again.
 */
final class Navigation implements Component {

    private static final int MOST_WAYPOINTS = 1_000;

    private final Pilot pilot;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Mode mode = Mode.MODE_MANUAL;

    @GuardedBy("lock")
    private final List<Waypoint> waypoints = new ArrayList<>();

    Navigation(Pilot pilot) {
        this.pilot = pilot;
    }

    /** Drives or stands from now on. A mode it is in already changes nothing. */
    void setMode(Mode wanted) {
        if (wanted == Mode.MODE_UNSPECIFIED || wanted == Mode.UNRECOGNIZED) {
            throw Refusal.of("unknown mode \"" + wanted + '"');
        }
        lock.lock();
        try {
            mode = wanted;
            if (wanted == Mode.MODE_MANUAL) {
                pilot.halt();
            } else {
                pilot.drive();
            }
        } finally {
            lock.unlock();
        }
    }

    Mode mode() {
        lock.lock();
        try {
            return mode;
        } finally {
            lock.unlock();
        }
    }

    List<Waypoint> waypoints() {
        lock.lock();
        try {
            return List.copyOf(waypoints);
        } finally {
            lock.unlock();
        }
    }

    void add(GeoPoint place) {
        lock.lock();
        try {
            if (waypoints.size() == MOST_WAYPOINTS) {
                throw Refusal.of("at most " + MOST_WAYPOINTS + " waypoints");
            }
            waypoints.add(Waypoint.newBuilder()
                    .setId(Uuids.random())
                    .setLocation(place)
                    .build());
        } finally {
            lock.unlock();
        }
    }

    void remove(String id) {
        lock.lock();
        try {
            waypoints.removeIf(one -> one.getId().equals(id));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        setMode(Mode.MODE_MANUAL);
    }
}
