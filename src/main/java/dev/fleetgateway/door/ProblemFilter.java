package dev.fleetgateway.door;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;

/** Catches what the filters below it throw, which no exception resolver sees. */
final class ProblemFilter extends HttpFilter {

    @Serial
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException e) {
            if (response.isCommitted()) {
                // The container cuts the connection, so that half an answer cannot pass for a whole one.
                throw e;
            }
            Throwable cause = e instanceof ServletException && e.getCause() != null ? e.getCause() : e;
            Failures.answer(request, response, cause);
        }
    }
}
