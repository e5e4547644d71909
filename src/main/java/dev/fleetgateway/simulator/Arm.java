package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import viam.common.v1.Pose;

/**
 * An arm of six joints that takes its time, unlike the real fake one. Its hand stands where its first three joints say,
 * one millimetre for each degree: enough to move it by pose and by joints and to see both. Once it has started, a motion
 * goes on to its target although its call was cancelled; only Stop or another motion ends it.
 */
final class Arm implements Component.Actuator {

    static final int JOINTS = 6;
    static final double DEGREES_PER_SECOND = 60;

    private static final int MOST_WAYPOINTS = 1_000;

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Course course;

    @GuardedBy("lock")
    private List<double[]> path = List.of(new double[JOINTS]);

    @GuardedBy("lock")
    private double speed = DEGREES_PER_SECOND;

    @GuardedBy("lock")
    private long since;

    Arm(Time time) {
        this(time, Optional::empty);
    }

    /**
     * @param lingering how long its motions go on after their answer; empty in a good driver
     */
    Arm(Time time, Supplier<Optional<Duration>> lingering) {
        this.time = time;
        this.course = new Course(time, lock, lingering);
        this.since = time.nanos();
    }

    /** Moves through the given joint positions at so many degrees a second and tells when it is there or was stopped. */
    void move(List<List<Double>> waypoints, double degreesPerSecond, Runnable ended) {
        if (waypoints.size() > MOST_WAYPOINTS) {
            throw Refusal.of("at most " + MOST_WAYPOINTS + " waypoints");
        }
        List<double[]> legs = new ArrayList<>();
        legs.add(joints());
        for (List<Double> waypoint : waypoints) {
            if (waypoint.size() != JOINTS) {
                throw Refusal.of("incorrect number of inputs: " + waypoint.size() + " instead of " + JOINTS);
            }
            legs.add(waypoint.stream().mapToDouble(Double::doubleValue).toArray());
        }
        double seconds = 0;
        for (int leg = 1; leg < legs.size(); leg++) {
            seconds += farthest(legs.get(leg - 1), legs.get(leg)) / degreesPerSecond;
        }
        course.begin(
                Course.seconds(seconds),
                () -> follow(legs, degreesPerSecond),
                () -> follow(List.of(legs.getLast()), degreesPerSecond),
                ended);
    }

    /** Moves the hand to a place. */
    void move(Pose to, Runnable ended) {
        double[] now = joints();
        move(
                List.of(List.of(to.getX(), to.getY(), to.getZ(), to.getTheta(), now[4], now[5])),
                DEGREES_PER_SECOND,
                ended);
    }

    Pose hand() {
        double[] now = joints();
        return Pose.newBuilder()
                .setX(now[0])
                .setY(now[1])
                .setZ(now[2])
                .setOZ(1)
                .setTheta(now[3])
                .build();
    }

    /** Where the joints are now, in degrees, also under way. */
    double[] joints() {
        lock.lock();
        try {
            double left =
                    speed * time.since(since).toNanos() / Duration.ofSeconds(1).toNanos();
            double[] from = path.getFirst();
            for (double[] to : path) {
                double leg = farthest(from, to);
                if (left < leg) {
                    return between(from, to, left / leg);
                }
                left -= leg;
                from = to;
            }
            return from.clone();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop() {
        course.cut(() -> follow(List.of(joints()), DEGREES_PER_SECOND));
    }

    @Override
    public boolean isMoving() {
        lock.lock();
        try {
            return path.size() > 1;
        } finally {
            lock.unlock();
        }
    }

    private void follow(List<double[]> waypoints, double degreesPerSecond) {
        lock.lock();
        try {
            path = waypoints;
            speed = degreesPerSecond;
            since = time.nanos();
        } finally {
            lock.unlock();
        }
    }

    private static double farthest(double[] from, double[] to) {
        double most = 0;
        for (int joint = 0; joint < JOINTS; joint++) {
            most = Math.max(most, Math.abs(to[joint] - from[joint]));
        }
        return most;
    }

    private static double[] between(double[] from, double[] to, double share) {
        double[] joints = new double[JOINTS];
        for (int joint = 0; joint < JOINTS; joint++) {
            joints[joint] = from[joint] + (to[joint] - from[joint]) * share;
        }
        return joints;
    }
}
