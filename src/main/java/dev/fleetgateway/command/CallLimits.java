package dev.fleetgateway.command;

import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many calls may be in flight: for one resource, on one machine, and of one caller. What is over a limit is refused, never
 * queued. STOPs are not counted, so that no load can keep them out.
 *
 * <p>The maps hold a counter only while it is above zero, so they are bounded by the calls in flight.
 */
final class CallLimits {

    private final CallSettings settings;
    private final ConcurrentHashMap<String, Integer> inFlight = new ConcurrentHashMap<>();

    CallLimits(CallSettings settings) {
        this.settings = settings;
    }

    /** A place taken; given back once, however often it is released. */
    @FunctionalInterface
    interface Permit {
        void release();
    }

    /**
     * Takes a place for a caller.
     *
     * @throws ProblemException {@code too-many-calls}, naming the setting
     */
    Permit ofCaller(String caller) {
        return take(
                "caller " + caller,
                settings.maxInFlightPerCaller(),
                ProblemCode.TOO_MANY_CALLS,
                "You have %d calls in flight, the most that gateway.call.max-in-flight-per-caller allows.");
    }

    /**
     * Takes a place on a resource, or on a service that has none, and on its machine.
     *
     * @throws ProblemException {@code machine-busy}, naming the setting
     */
    Permit onMachine(String machine, String resource) {
        Permit stream = take(
                "machine " + machine,
                settings.maxStreamsPerMachine(),
                ProblemCode.MACHINE_BUSY,
                "There are %d calls in flight on this machine, the most that gateway.call.max-streams-per-machine allows.");
        try {
            Permit place = take(
                    "resource " + machine + " " + resource,
                    settings.maxInFlightPerResource(),
                    ProblemCode.MACHINE_BUSY,
                    "There are %d calls in flight on this resource, the most that gateway.call.max-in-flight-per-resource allows.");
            return () -> {
                place.release();
                stream.release();
            };
        } catch (ProblemException e) {
            stream.release();
            throw e;
        }
    }

    /** Calls in flight that hold a place for that machine. */
    int onMachine(String machine) {
        return inFlight.getOrDefault("machine " + machine, 0);
    }

    private Permit take(String key, int most, ProblemCode code, String detail) {
        int now = inFlight.merge(key, 1, Integer::sum);
        AtomicBoolean held = new AtomicBoolean(true);
        Permit permit = () -> {
            if (held.compareAndSet(true, false)) {
                inFlight.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
            }
        };
        if (now > most) {
            permit.release();
            throw new ProblemException(Problem.of(code, detail.formatted(most) + " Nothing was sent.")
                    .outcome(Outcome.NOT_SENT)
                    .retryAfter(Duration.ofSeconds(1)));
        }
        return permit;
    }
}
