package dev.fleetgateway.status;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.motion.ActuatorApi;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One look at all actuators of one machine: each is asked once, a few at a time. Used once. */
final class Look {

    // The machine has a hundred calls in flight for everybody; a look takes next to nothing of them.
    private static final int AT_ONCE = 3;

    private final Channel channel;
    private final Duration deadline;
    private final Instant begun;
    private final Consumer<Motion> done;
    private final int actuators;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<MachineReport.Resource> toAsk;

    @GuardedBy("lock")
    private final List<String> moving = new ArrayList<>();

    @GuardedBy("lock")
    private final List<String> mute = new ArrayList<>();

    @GuardedBy("lock")
    private @Nullable String failure;

    @GuardedBy("lock")
    private int inFlight;

    /**
     * A look that has not begun.
     *
     * @param done told once, when every actuator answered or it is known that not all will
     */
    Look(
            Channel channel,
            List<MachineReport.Resource> resources,
            Duration deadline,
            Instant begun,
            Consumer<Motion> done) {
        this.channel = channel;
        this.deadline = deadline;
        this.begun = begun;
        this.done = done;
        this.toAsk = new ArrayDeque<>(resources.stream()
                .filter(resource -> ActuatorApi.isMoving(resource.api()) != null)
                .toList());
        this.actuators = toAsk.size();
    }

    /** Asks as many as may be asked at once; the rest follows as they answer. */
    void begin() {
        goOn();
    }

    private void goOn() {
        Motion found = null;
        List<MachineReport.Resource> next = new ArrayList<>();
        lock.lock();
        try {
            while (inFlight < AT_ONCE && !toAsk.isEmpty()) {
                next.add(toAsk.poll());
                inFlight++;
            }
            if (inFlight == 0) {
                found = verdict();
            }
        } finally {
            lock.unlock();
        }
        next.forEach(this::ask);
        if (found != null) {
            done.accept(found);
        }
    }

    private void ask(MachineReport.Resource resource) {
        MethodDescriptor<String, Boolean> method = ActuatorApi.isMoving(resource.api());
        if (method == null) {
            throw new IllegalStateException(resource.api() + " is no actuator's API");
        }
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
        ClientCalls.asyncUnaryCall(
                channel.newCall(method, options), resource.name(), new Answer(resource.api() + "/" + resource.name()));
    }

    private void answered(String resource, boolean moves, @Nullable Status failed) {
        lock.lock();
        try {
            inFlight--;
            if (moves) {
                moving.add(resource);
            }
            if (failed != null && failed.getCode() == Status.Code.UNIMPLEMENTED) {
                mute.add(resource);
            } else if (failed != null) {
                failure = "%s does not say whether it moves: %s".formatted(resource, failed.getCode());
                // One that hangs makes the rest worth nothing: no verdict but UNKNOWN is left.
                toAsk.clear();
            }
        } finally {
            lock.unlock();
        }
        goOn();
    }

    @GuardedBy("lock")
    private Motion verdict() {
        if (!moving.isEmpty()) {
            return new Motion(
                    Motion.State.MOVING,
                    begun,
                    "%d of %d actuators move".formatted(moving.size(), actuators),
                    begun,
                    moving.stream().sorted().toList(),
                    null);
        }
        if (failure != null) {
            return Motion.unknown(begun, failure);
        }
        if (actuators > 0 && mute.size() == actuators) {
            return Motion.unknown(begun, "none of its %d actuators can be asked".formatted(actuators));
        }
        String reason = actuators == 0
                ? "it has no actuator"
                : "%d of %d actuators answered that they do not move".formatted(actuators - mute.size(), actuators);
        return new Motion(
                Motion.State.STILL,
                begun,
                mute.isEmpty() ? reason : reason + "; cannot be asked: " + String.join(", ", mute),
                begun,
                List.of(),
                null);
    }

    private final class Answer implements StreamObserver<Boolean> {

        private final String resource;
        private boolean moves;

        Answer(String resource) {
            this.resource = resource;
        }

        @Override
        public void onNext(Boolean value) {
            moves = value;
        }

        @Override
        public void onError(Throwable failed) {
            answered(resource, false, Status.fromThrowable(failed));
        }

        @Override
        public void onCompleted() {
            answered(resource, moves, null);
        }
    }
}
