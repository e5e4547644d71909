package dev.fleetgateway.door;

import dev.fleetgateway.command.Effect;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;

/**
 * While more connections are open than there are for everybody, lets nothing in but stops. All else is refused before its body
 * is read, and its connection closed.
 */
final class StopsOnlyValve extends ValveBase {

    private static final Pattern STOP = Pattern.compile("/api/v1/(fleet|machines/[^/]+)/stop");

    StopsOnlyValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (request.getConnector().getProtocolHandler() instanceof DoorProtocol protocol
                && protocol.connections().isCrowded()
                && !isStop(request.getMethod(), request.getRequestURI())
                && !isProbe(request.getMethod(), request.getRequestURI())) {
            refuse(request, response, protocol.connections().most());
            return;
        }
        getNext().invoke(request, response);
    }

    // A crowd is no reason to start the gateway anew, which would stop robots.
    private static boolean isProbe(@Nullable String method, @Nullable String rawPath) {
        return "GET".equals(method) && rawPath != null && rawPath.startsWith("/actuator/health");
    }

    /** Whether a request is there to stop something, or to ask for a page's sake whether it may. */
    static boolean isStop(@Nullable String method, @Nullable String rawPath) {
        // Of a request line that cannot be read neither is known.
        if (method == null || rawPath == null || (!method.equals("POST") && !method.equals("OPTIONS"))) {
            return false;
        }
        return STOP.matcher(rawPath).matches()
                || (CallPath.isCall(rawPath) && Effect.stops(rawPath.substring(rawPath.lastIndexOf('/') + 1)));
    }

    private static void refuse(Request request, Response response, int most) throws IOException {
        SecurityHeaders.set(request.getRequestURI(), response);
        response.setHeader("Connection", "close");
        Problems.write(
                request.getRequest(),
                response.getResponse(),
                Problem.of(
                                ProblemCode.TOO_MANY_CALLS,
                                "More than the %d connections of server.tomcat.max-connections are open. Until there are"
                                                .formatted(most)
                                        + " fewer, only stops are answered. Nothing was sent.")
                        .outcome(Outcome.NOT_SENT)
                        .retryAfter(Duration.ofSeconds(1)));
        response.finishResponse();
        // What is left of the body may take as long to come as the caller likes.
        request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
}
