package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says where a JSON body stopped making sense, without the names of our classes. */
final class UnreadableJson {

    private UnreadableJson() {}

    /** A problem that names the field, or the line and column, that could not be read. */
    static Problem problem(HttpMessageNotReadableException failure) {
        return switch (failure.getCause()) {
            case UnrecognizedPropertyException e -> {
                String field = path(e);
                yield Problem.invalid(
                        field,
                        "The field %s is not known here; known are %s".formatted(field, e.getKnownPropertyIds()));
            }
            case StreamReadException e ->
                Problem.of(
                        ProblemCode.REQUEST_INVALID,
                        "The body is not JSON%s: %s".formatted(where(e), firstLine(e.getOriginalMessage())));
            case JacksonException e
            when !path(e).isEmpty() ->
                Problem.invalid(
                        path(e),
                        "The value of %s%s is missing or not of the type it should be".formatted(path(e), where(e)));
            case JacksonException e ->
                Problem.of(
                        ProblemCode.REQUEST_INVALID,
                        "The body%s is not the JSON object it should be".formatted(where(e)));
            case null, default ->
                Problem.of(ProblemCode.REQUEST_INVALID, "A JSON body is required and there is none that can be read");
        };
    }

    private static String path(JacksonException e) {
        return e.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    private static String where(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
