package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.convert.DurationStyle;

/** The query parameters of one request, of which every one is known and given once: a misspelt filter must not mean "all". */
final class StrictParameters {

    private final Map<String, String[]> values;

    private StrictParameters(Map<String, String[]> values) {
        this.values = values;
    }

    /** Takes the parameters with these names and refuses the request, naming the parameter, if there is any other or any twice. */
    static StrictParameters of(HttpServletRequest request, String... known) {
        Map<String, String[]> values = request.getParameterMap();
        List<String> names = List.of(known);
        values.forEach((name, given) -> {
            if (!names.contains(name)) {
                throw refused(name, "The query parameter %s is not known here; known: %s".formatted(name, names));
            }
            if (given.length > 1) {
                throw refused(name, "The query parameter %s is given %d times".formatted(name, given.length));
            }
        });
        return new StrictParameters(values);
    }

    /** The parameter as it was given; empty if it was not. */
    Optional<String> text(String name) {
        String[] given = values.get(name);
        return given == null ? Optional.empty() : Optional.of(given[0]);
    }

    /** The parameter as a duration such as {@code 2s}, refusing anything else and anything below zero. */
    Optional<Duration> duration(String name) {
        return text(name).map(given -> parseDuration(name, given));
    }

    /** The parameter as a whole number within the bounds, or the default. */
    int number(String name, int otherwise, int least, int most) {
        Optional<String> given = text(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(given.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, together with the bounds.
        }
        throw refused(
                name,
                "%s is \"%s\" but must be a whole number from %d to %d".formatted(name, given.get(), least, most));
    }

    /** The parameter as one of an enum's words, refusing any other and naming them all. */
    <E extends Enum<E>> Optional<E> word(String name, Class<E> type) {
        return text(name).map(given -> {
            try {
                return Enum.valueOf(type, given);
            } catch (IllegalArgumentException e) {
                throw refused(
                        name,
                        "%s is \"%s\" but must be one of %s".formatted(name, given, List.of(type.getEnumConstants())));
            }
        });
    }

    private static Duration parseDuration(String name, String given) {
        try {
            Duration duration = DurationStyle.detectAndParse(given);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Told below.
        }
        throw refused(name, "%s is \"%s\" but must be a duration such as 2s or 250ms".formatted(name, given));
    }

    private static ProblemException refused(String name, String detail) {
        return new ProblemException(Problem.invalid(name, detail));
    }
}
