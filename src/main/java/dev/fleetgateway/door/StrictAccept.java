package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** Whether a caller takes the one form in which an answer can be given. */
record StrictAccept(MediaType offered) {

    /** Refuses a request that asks for another form. */
    void check(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        if (accept == null || accept.isBlank() || accept.equals("*/*") || accept.equals(offered.toString())) {
            return;
        }
        try {
            if (MediaType.parseMediaTypes(accept).stream().anyMatch(asked -> asked.isCompatibleWith(offered))) {
                return;
            }
        } catch (InvalidMediaTypeException e) {
            throw new ProblemException(
                    Problem.invalid("Accept", "The header Accept is '" + accept + "', which names no media type."));
        }
        throw new ProblemException(Problem.of(
                ProblemCode.NOT_ACCEPTABLE,
                "The answer is " + offered + ", and the request takes only " + accept + "."));
    }
}
