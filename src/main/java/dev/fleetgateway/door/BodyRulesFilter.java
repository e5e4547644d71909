package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Lets a request with a body through only as JSON and only within the limit. A page can send a form or plain text to any
 * origin without asking; JSON it cannot.
 */
final class BodyRulesFilter extends HttpFilter {

    @Serial
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Bodies.refuseIfDeclaredTooLarge(request);
        if (!Bodies.hasBody(request)) {
            chain.doFilter(request, response);
            return;
        }
        List<String> types = Collections.list(request.getHeaders("Content-Type"));
        if (types.size() != 1 || !isJson(types.getFirst())) {
            response.setHeader("Accept", MediaType.APPLICATION_JSON_VALUE);
            Problems.write(request, response, Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, refusal(types)));
            return;
        }
        chain.doFilter(Bodies.isChunked(request) ? new BoundedRequest(request) : request, response);
    }

    private static String refusal(List<String> types) {
        String given = types.isEmpty() ? "there is none" : "it is " + String.join(" and ", types);
        return "A body must have the Content-Type application/json, and %s. With curl, use --json instead of -d"
                .formatted(given);
    }

    private static boolean isJson(String given) {
        try {
            MediaType type = MediaType.parseMediaType(given);
            return type.getType().equalsIgnoreCase("application")
                    && type.getSubtype().equalsIgnoreCase("json")
                    && (type.getParameters().isEmpty()
                            || (type.getParameters().size() == 1 && StandardCharsets.UTF_8.equals(type.getCharset())));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
