package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import viam.common.v1.Pose;
import viam.service.motion.v1.PlanState;
import viam.service.motion.v1.PlanStatus;
import viam.service.motion.v1.PlanStatusWithID;

/**
 * A motion service. Its Move ends with its call; its executions answer at once and drive their base until the plan ends
 * or is stopped, whoever stops the base meanwhile. The real builtin one has given up executions; modules and older
 * machines have not.
 */
final class Motion implements Component {

    /** How long an execution drives. */
    static final Duration PLAN = Duration.ofMinutes(1);

    private static final double MOVE_MM = 1_000;
    private static final double MOVE_MM_PER_SECOND = 200;
    private static final int MOST_REMEMBERED = 100;

    private final Time time;
    private final Function<String, @Nullable Component> movers;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Execution> executions = new ArrayDeque<>();

    /**
     * @param movers finds the base or arm of a name
     */
    Motion(Time time, Function<String, @Nullable Component> movers) {
        this.time = time;
        this.movers = movers;
    }

    private static final class Execution {
        private final String id = Uuids.random();
        private final String plan = Uuids.random();
        private final String component;
        private final Pilot pilot;
        private PlanStatus status;
        private Time.@Nullable Timer end;

        private Execution(String component, Pilot pilot, PlanStatus status) {
            this.component = component;
            this.pilot = pilot;
            this.status = status;
        }

        private boolean active() {
            return status.getState() == PlanState.PLAN_STATE_IN_PROGRESS;
        }
    }

    /**
     * Moves an arm to a place, or a base for five seconds wherever it is told to go.
     *
     * @param ended told once, however it ended
     * @return ends the motion and stops what it moved
     */
    Runnable move(String component, Pose to, Runnable ended) {
        return switch (movers.apply(component)) {
            case Arm arm -> {
                arm.move(to, ended);
                yield arm::stop;
            }
            case Base base -> {
                Runnable cut = base.moveStraight(MOVE_MM, MOVE_MM_PER_SECOND, ended);
                yield () -> {
                    cut.run();
                    base.stop();
                };
            }
            case null, default -> throw unknown(component);
        };
    }

    /** Drives a base until the plan ends, and gives back the execution's identifier. One a base at a time. */
    String execute(String component) {
        if (!(movers.apply(component) instanceof Base base)) {
            throw unknown(component);
        }
        lock.lock();
        try {
            for (Execution one : executions) {
                if (one.active() && one.component.equals(component)) {
                    throw Refusal.of("there is already an active executionID: " + one.id);
                }
            }
            Execution begun = new Execution(component, new Pilot(time, base), status(PlanState.PLAN_STATE_IN_PROGRESS));
            remember(begun);
            begun.pilot.drive();
            begun.end = time.after(PLAN, () -> end(begun, PlanState.PLAN_STATE_SUCCEEDED));
            return begun.id;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the execution that drives a base. */
    void stopPlan(String component) {
        lock.lock();
        try {
            boolean known = false;
            for (Execution one : executions) {
                if (one.component.equals(component)) {
                    known = true;
                    end(one, PlanState.PLAN_STATE_STOPPED);
                }
            }
            if (!known) {
                throw Refusal.of("resource \"" + component + "\" not found");
            }
        } finally {
            lock.unlock();
        }
    }

    /** The last executions, or of them those that go on. */
    List<PlanStatusWithID> statuses(boolean activeOnly) {
        lock.lock();
        try {
            List<PlanStatusWithID> all = new ArrayList<>();
            for (Execution one : executions) {
                if (one.active() || !activeOnly) {
                    all.add(PlanStatusWithID.newBuilder()
                            .setPlanId(one.plan)
                            .setExecutionId(one.id)
                            .setComponentName(one.component)
                            .setStatus(one.status)
                            .build());
                }
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        lock.lock();
        try {
            executions.forEach(one -> end(one, PlanState.PLAN_STATE_FAILED));
        } finally {
            lock.unlock();
        }
    }

    private void end(Execution execution, PlanState state) {
        lock.lock();
        try {
            if (!execution.active()) {
                return;
            }
            execution.status = status(state);
            if (execution.end != null) {
                execution.end.cancel();
            }
            execution.pilot.halt();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void remember(Execution begun) {
        executions.addLast(begun);
        // At most one of them is active for each base, and no machine has a hundred.
        if (executions.size() > MOST_REMEMBERED) {
            executions.removeIf(one -> !one.active());
        }
    }

    private PlanStatus status(PlanState state) {
        return PlanStatus.newBuilder()
                .setState(state)
                .setTimestamp(RobotApi.stamp(time.now()))
                .build();
    }

    private static Refusal unknown(String component) {
        return Refusal.of("component named " + component + " not found in robot frame system");
    }
}
