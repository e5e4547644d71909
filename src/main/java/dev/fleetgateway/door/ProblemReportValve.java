package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what Tomcat refuses before any filter sees it (a bad request line, header, host or percent-encoding) as a problem,
 * where Tomcat would write an HTML page. Public, since Tomcat knows it by its class name.
 */
public final class ProblemReportValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(ProblemReportValve.class);

    /** Writes nothing over an answer that has content, and nothing for a status that is no error. */
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            SecurityHeaders.set(request.getRequestURI(), response);
            Problems.write(
                    request.getRequest(), response.getResponse(), problem(status, response.getMessage(), failure));
            response.finishResponse();
        } catch (IOException e) {
            log.debug("The caller did not wait for his problem", e);
        }
    }

    private static Problem problem(int status, @Nullable String message, @Nullable Throwable failure) {
        if (failure != null && status >= 500) {
            return Failures.problemOf(failure);
        }
        ProblemCode code = Failures.codeFor(status);
        String detail = switch (code) {
            case PATH_UNKNOWN -> "Nothing answers at this path";
            case INTERNAL -> "The gateway failed in a way it should not. Its log says how";
            default -> "The request was refused before it was read any further";
        };
        return Problem.of(code, message == null || message.isBlank() ? detail : detail + ": " + message);
    }
}
