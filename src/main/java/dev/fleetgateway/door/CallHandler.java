package dev.fleetgateway.door;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.fleetgateway.command.Call;
import dev.fleetgateway.command.Commands;
import dev.fleetgateway.command.PendingCall;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.time.Time;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.HttpRequestHandler;

/**
 * The calling path: one request, one unary call, one answer. A plain handler, because this is where speed counts; the thread is
 * a virtual one and may wait.
 */
final class CallHandler implements HttpRequestHandler {

    // Every call ends at its own deadline, an hour at most; this only guards against a defect.
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(61);

    // Tomcat does not tell that a caller has hung up while his answer is waited for.
    private static final long LOOK_MILLIS = 100;

    private static final StrictAccept JSON_ONLY = new StrictAccept(MediaType.APPLICATION_JSON);

    private final Commands commands;
    private final String replica;
    private final BodyBudget budget;
    private final Time time;

    CallHandler(Commands commands, String replica, BodyBudget budget, Time time) {
        this.time = time;
        this.budget = budget;
        this.commands = commands;
        this.replica = replica;
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean get = switch (request.getMethod()) {
            case "POST" -> false;
            case "GET", "HEAD" -> true;
            default ->
                throw new ProblemException(Problem.of(
                                ProblemCode.METHOD_NOT_ALLOWED,
                                "A call is a POST, or a GET for some methods that look only, not " + request.getMethod()
                                        + ".")
                        .with("allow", "GET, POST"));
        };
        CallPath path = CallPath.parse(request.getRequestURI());
        JSON_ONLY.check(request);
        // A body is JSON and never a form, so without a query there is no parameter to be looked for.
        Duration hold = get || request.getQueryString() == null
                ? null
                : StrictParameters.of(request, "hold").duration("hold").orElse(null);
        response.setHeader("Gateway-Replica", replica);
        try (BodyBudget.Hold _ = budget.hold(request)) {
            answer(request, response, path, get, hold);
        }
    }

    private void answer(
            HttpServletRequest request,
            HttpServletResponse response,
            CallPath path,
            boolean get,
            @Nullable Duration hold)
            throws IOException {
        ByteString body = get ? QueryJson.of(request) : UnsafeByteOperations.unsafeWrap(Bodies.read(request));
        Line line = Line.ofThisRequest();
        if (!get && line.gone()) {
            // Whoever has left before he was heard wants nothing moved any more.
            throw hungUp(Outcome.NOT_SENT);
        }
        PendingCall pending = commands.call(new Call(
                path.machine(),
                path.target(),
                path.method(),
                body,
                CallHeaders.timeout(request),
                CallHeaders.metadata(request),
                get,
                Callers.of(request),
                CallHeaders.lease(request),
                hold,
                CallHeaders.session(request),
                () -> !line.gone()));
        response.setHeader("Gateway-Operation", pending.operation());
        PendingCall.Answer answer = await(pending, response, line);
        response.setHeader("Gateway-Route", answer.route());
        response.setHeader("Gateway-Operation", answer.operation());
        if (answer.heldUntil() != null) {
            response.setHeader("Gateway-Hold-Until", answer.heldUntil().toString());
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(answer.json().size());
        answer.json().writeTo(response.getOutputStream());
    }

    private PendingCall.Answer await(PendingCall pending, HttpServletResponse response, Line line) {
        long begun = time.nanos();
        boolean cancelled = false;
        while (true) {
            PendingCall.Answer answer = awaitAWhile(pending, response);
            if (answer != null) {
                return answer;
            }
            if (!cancelled && line.gone()) {
                cancelled = true;
                pending.cancel();
            }
            if (time.since(begun).compareTo(LONGEST_WAIT) > 0) {
                pending.cancel();
                throw new IllegalStateException("A call did not end at its deadline");
            }
        }
    }

    /** Null where there is no answer yet. */
    private static PendingCall.@Nullable Answer awaitAWhile(PendingCall pending, HttpServletResponse response) {
        try {
            return pending.answer().get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                String route = problem.problem().route();
                if (route != null) {
                    response.setHeader("Gateway-Route", route);
                }
                throw problem;
            }
            throw new IllegalStateException("A call ended with something else than a problem", e.getCause());
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            pending.cancel();
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.of(ProblemCode.CALL_CANCELLED, "The gateway is shutting down.")
                    .outcome(Outcome.UNKNOWN));
        }
    }

    private static ProblemException hungUp(Outcome outcome) {
        return new ProblemException(
                Problem.of(ProblemCode.CALL_CANCELLED, "The caller hung up.").outcome(outcome));
    }
}
