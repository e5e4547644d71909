package dev.fleetgateway.door;

import static dev.fleetgateway.problem.ProblemCode.INTERNAL;
import static dev.fleetgateway.problem.ProblemCode.METHOD_NOT_ALLOWED;
import static dev.fleetgateway.problem.ProblemCode.NOT_ACCEPTABLE;
import static dev.fleetgateway.problem.ProblemCode.PATH_UNKNOWN;
import static dev.fleetgateway.problem.ProblemCode.REQUEST_INVALID;
import static dev.fleetgateway.problem.ProblemCode.UNSUPPORTED_MEDIA_TYPE;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** What an exception means to a caller. Nothing of a stack trace leaves the process; a defect is logged once, with its trace id. */
final class Failures {

    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Answers the request with what the exception means. A caller who hung up is not an error and gets nothing. */
    static void answer(HttpServletRequest request, HttpServletResponse response, Throwable failure) throws IOException {
        if (isHangUp(failure)) {
            return;
        }
        Problem problem = problemOf(failure);
        if (problem.code() == INTERNAL) {
            String trace = Problems.traceIdOrNew(request);
            log.error("{} {} failed [trace {}]", request.getMethod(), request.getRequestURI(), trace, failure);
        }
        if (failure instanceof HttpRequestMethodNotSupportedException notAllowed) {
            String[] methods = notAllowed.getSupportedMethods();
            response.setHeader("Allow", methods == null ? "" : String.join(", ", methods));
        }
        Problems.write(request, response, problem);
    }

    /** Whether the failure is only that nobody is there any more to be answered. */
    static boolean isHangUp(Throwable failure) {
        return cause(failure, AsyncRequestNotUsableException.class) != null
                || cause(failure, ClientAbortException.class) != null;
    }

    /** The problem that an exception stands for; {@code internal} for all that is not known to be the caller's doing. */
    static Problem problemOf(Throwable failure) {
        ProblemException told = cause(failure, ProblemException.class);
        if (told != null) {
            return told.problem();
        }
        return switch (failure) {
            case NoResourceFoundException _, NoHandlerFoundException _ ->
                Problem.of(PATH_UNKNOWN, "Nothing answers at this path. The README lists the doors");
            case HttpRequestMethodNotSupportedException e ->
                Problem.of(METHOD_NOT_ALLOWED, "%s is not allowed here%s".formatted(e.getMethod(), allowed(e)));
            case HttpMediaTypeNotAcceptableException e ->
                Problem.of(NOT_ACCEPTABLE, "None of the types in Accept can be produced here" + offered(e));
            case HttpMediaTypeNotSupportedException e ->
                Problem.of(UNSUPPORTED_MEDIA_TYPE, "The body's type is not taken here" + offered(e));
            case HttpMessageNotReadableException e -> UnreadableJson.problem(e);
            case MissingServletRequestParameterException e ->
                Problem.invalid(e.getParameterName(), "The parameter %s is missing".formatted(e.getParameterName()));
            case MissingRequestHeaderException e ->
                Problem.invalid(e.getHeaderName(), "The header %s is missing".formatted(e.getHeaderName()));
            case MethodArgumentTypeMismatchException e -> mismatch(e);
            case MethodArgumentNotValidException e -> invalidFields(e);
            case ServletRequestBindingException e ->
                Problem.of(REQUEST_INVALID, said(e, "The request is not complete"));
            case InvalidParameterException e ->
                Problem.of(REQUEST_INVALID, said(e, "The query string cannot be read: check its percent-encoding"));
            case AsyncRequestTimeoutException _ ->
                Problem.of(INTERNAL, "The gateway had no answer in time; what became of the request is not known");
            case ErrorResponse e
            when e.getStatusCode().is4xxClientError() ->
                Problem.of(
                        codeFor(e.getStatusCode().value()),
                        said(failure, e.getBody().getDetail()));
            default ->
                Problem.of(
                        INTERNAL, "The gateway failed in a way it should not. Its log has the trace id of this answer");
        };
    }

    /** The code that comes nearest to a bare HTTP status, for answers that the container gives by itself. */
    static ProblemCode codeFor(int status) {
        return switch (status) {
            case 401 -> ProblemCode.UNAUTHENTICATED;
            case 403 -> ProblemCode.FORBIDDEN;
            case 404 -> PATH_UNKNOWN;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> ProblemCode.REQUEST_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            // An unknown transfer coding or HTTP version: the request asks for what this server does not have.
            case 501, 505 -> ProblemCode.NOT_AVAILABLE_HERE;
            case 503 -> ProblemCode.DRAINING;
            default -> status < 500 ? REQUEST_INVALID : INTERNAL;
        };
    }

    private static Problem mismatch(MethodArgumentTypeMismatchException e) {
        Class<?> wanted = e.getRequiredType();
        String words =
                wanted != null && wanted.isEnum() ? ": one of " + Arrays.toString(wanted.getEnumConstants()) : "";
        return Problem.invalid(e.getName(), "The value of %s cannot be read%s".formatted(e.getName(), words));
    }

    private static Problem invalidFields(MethodArgumentNotValidException e) {
        var error = e.getFieldError();
        return error == null
                ? Problem.of(REQUEST_INVALID, "The body is not valid")
                : Problem.invalid(error.getField(), "%s %s".formatted(error.getField(), error.getDefaultMessage()));
    }

    private static String allowed(HttpRequestMethodNotSupportedException e) {
        String[] methods = e.getSupportedMethods();
        return methods == null || methods.length == 0 ? "" : ", only " + String.join(", ", methods);
    }

    private static String offered(HttpMediaTypeException e) {
        List<MediaType> types = e.getSupportedMediaTypes();
        return types.isEmpty() ? "" : ", only " + MediaType.toString(types);
    }

    private static String said(Throwable e, @Nullable String otherwise) {
        String message = otherwise != null ? otherwise : e.getMessage();
        return message == null ? "The request is not valid" : message;
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        Throwable at = failure;
        // A chain of causes may be a ring; no honest one is this deep.
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }
}
