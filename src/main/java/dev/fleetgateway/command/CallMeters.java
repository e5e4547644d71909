package dev.fleetgateway.command;

import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Counts calls by method, outcome and code. Names that callers made up are counted as one, so that nobody
 * can grow the registry.
 */
@Component
final class CallMeters {

    private static final int MOST_METHODS = 500;

    private record Key(String method, String outcome, String code) {}

    private final MeterRegistry registry;
    private final Timer overhead;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    CallMeters(MeterRegistry registry) {
        this.registry = registry;
        this.overhead = Timer.builder("gateway.call.overhead")
                .description("What a call takes in the gateway itself, beside the machine's time and the way to it")
                .publishPercentileHistogram()
                .register(registry);
    }

    /** A call that was refused before it began; the method is {@code -} where the caller may have made it up. */
    void refused(String method, Problem problem) {
        timer(method, outcome(problem.outcome()), problem.code().code()).record(Duration.ZERO);
    }

    /** A call that ended. */
    void ended(String method, @Nullable Throwable failure, Duration took) {
        Throwable cause = ProblemException.cause(failure);
        String code = "ok";
        String outcome = Outcome.EXECUTED.name();
        if (cause instanceof ProblemException problem) {
            code = problem.problem().code().code();
            outcome = outcome(problem.problem().outcome());
        } else if (cause != null) {
            code = "internal";
            outcome = Outcome.UNKNOWN.name();
        }
        timer(method, outcome, code).record(took);
    }

    /** What the gateway itself took of a call, from the request being read to the answer being there. */
    void overhead(Duration took) {
        overhead.record(took);
    }

    private static String outcome(@Nullable Outcome outcome) {
        return outcome == null ? "NONE" : outcome.name();
    }

    private Timer timer(String method, String outcome, String code) {
        Key asked = new Key(method, outcome, code);
        Timer known = timers.get(asked);
        if (known != null) {
            return known;
        }
        Key key = timers.size() < MOST_METHODS ? asked : new Key("-", outcome, code);
        return timers.computeIfAbsent(
                key,
                each -> Timer.builder("gateway.calls")
                        .description("Calls by method, outcome and code, with how long they took")
                        .tags("method", each.method, "outcome", each.outcome, "code", each.code)
                        .register(registry));
    }
}
