package dev.fleetgateway.door;

import dev.fleetgateway.access.Approach;
import dev.fleetgateway.access.OriginRules;
import dev.fleetgateway.access.OriginRules.Verdict;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Asks access about Host and Origin before anything else sees a request: REST, the socket's handshake, the feed, the page, actuator. */
final class HostAndOriginFilter extends HttpFilter {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Supplier<OriginRules> rules;

    HostAndOriginFilter(Supplier<OriginRules> rules) {
        this.rules = rules;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        SecurityHeaders.set(request.getRequestURI(), response);
        switch (rules.get().judge(approach(request))) {
            case Verdict.Refused(var problem) -> Problems.write(request, response, problem);
            case Verdict.Own() -> chain.doFilter(request, response);
            case Verdict.Allowed(var origin) -> {
                Cors.allow(origin, response);
                if (Cors.isPreflight(request)) {
                    Cors.answerPreflight(request, response);
                } else {
                    chain.doFilter(request, response);
                }
            }
        }
    }

    private static Approach approach(HttpServletRequest request) {
        return new Approach(
                request.getMethod(),
                request.getRequestURI(),
                request.getScheme(),
                headers(request, "Host"),
                headers(request, "Origin"),
                headers(request, "Sec-Fetch-Site"),
                headers(request, "Sec-Fetch-Mode"),
                headers(request, "Sec-Fetch-Dest"));
    }

    private static List<String> headers(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name));
    }
}
