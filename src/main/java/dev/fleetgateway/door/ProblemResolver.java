package dev.fleetgateway.door;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Turns whatever a handler throws into a problem. A resolver and not a controller advice, because an advice does not see
 * plain request handlers, and the calling path is one.
 */
@Component
final class ProblemResolver implements HandlerExceptionResolver, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ProblemResolver.class);

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (response.isCommitted() && !Failures.isHangUp(failure)) {
            // Half an answer has left. Let the container cut the connection, so that it cannot pass for a whole one.
            return null;
        }
        try {
            Failures.answer(request, response, failure);
        } catch (IOException e) {
            log.debug("The caller of {} did not wait for his problem", request.getRequestURI(), e);
        }
        return new ModelAndView();
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
