package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request, each known and given once. */
final class Parameters {

    private final Map<String, String> values = new TreeMap<>();

    private Parameters() {}

    /** Reads them; one that is not allowed, or given twice, is refused by name. */
    static Parameters of(HttpServletRequest request, List<String> allowed) {
        Parameters parameters = new Parameters();
        request.getParameterMap().forEach((name, given) -> {
            if (!allowed.contains(name)) {
                throw refused(
                        name,
                        allowed.isEmpty()
                                ? "There is no query parameter '%s' here: none is read".formatted(name)
                                : "There is no query parameter '%s' here; there are: %s"
                                        .formatted(name, String.join(", ", allowed)));
            }
            if (given.length != 1) {
                throw refused(name, "The query parameter '%s' is given %d times".formatted(name, given.length));
            }
            parameters.values.put(name, given[0]);
        });
        return parameters;
    }

    /** A parameter as it was given, null where it was not. */
    @Nullable
    String text(String name) {
        return values.get(name);
    }

    /** A parameter that is read by a function whose complaint is for people. */
    <T> @Nullable T read(String name, Function<String, T> reader) {
        String text = values.get(name);
        if (text == null) {
            return null;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            String why = e.getMessage() == null ? "it is not valid" : e.getMessage();
            throw refused(name, "The query parameter '%s' cannot be read: %s".formatted(name, why));
        }
    }

    /** A parameter that is one of the words of an enum. */
    <E extends Enum<E>> @Nullable E word(String name, Class<E> words) {
        return read(name, text -> {
            for (E word : words.getEnumConstants()) {
                if (word.name().equals(text)) {
                    return word;
                }
            }
            throw new IllegalArgumentException("'%s' is none of %s".formatted(text, List.of(words.getEnumConstants())));
        });
    }

    /** A parameter that is a whole number within bounds. */
    int number(String name, int least, int most, int otherwise) {
        Integer number = read(name, text -> {
            if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
                throw new IllegalArgumentException("'%s' is not a number from %d to %d".formatted(text, least, most));
            }
            return Integer.valueOf(text);
        });
        return number == null ? otherwise : number;
    }

    private static ProblemException refused(String name, String detail) {
        return new ProblemException(Problem.invalid(name, detail));
    }
}
