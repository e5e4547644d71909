package dev.fleetgateway.door;

import dev.fleetgateway.command.Target;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What the path of a call names. It is read from the raw request line, segment by segment, so that a name may hold anything,
 * a percent-encoded slash too.
 */
record CallPath(String machine, Target target, String method) {

    private static final String PREFIX = "/api/v1/machines/";

    /** Whether a path is that of a call, though what it names may not be there. */
    static boolean isCall(String rawPath) {
        if (!rawPath.startsWith(PREFIX)) {
            return false;
        }
        int way = rawPath.indexOf('/', PREFIX.length()) + 1;
        return way > 0
                && (rawPath.startsWith("components/", way)
                        || rawPath.startsWith("services/", way)
                        || rawPath.startsWith("resources/", way)
                        || rawPath.startsWith("rpc/", way));
    }

    /**
     * Reads {@code /api/v1/machines/{m}/components/{subtype}/{name}/{Method}} and its siblings.
     *
     * @param rawPath as it was sent, still encoded
     */
    static CallPath parse(String rawPath) {
        String[] parts = rawPath.substring(PREFIX.length()).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = decode(parts[i]);
        }
        String way = parts.length > 1 ? parts[1] : "";
        int wanted = way.equals("rpc") ? 4 : 5;
        if (parts.length != wanted) {
            throw unknown(rawPath);
        }
        String method = parts[wanted - 1];
        if (method.isEmpty() || !Character.isUpperCase(method.charAt(0))) {
            throw new ProblemException(Problem.of(
                            ProblemCode.METHOD_UNKNOWN,
                            "'" + method + "' is no method: methods begin with a capital, such as GetReadings.")
                    .on(parts[0]));
        }
        return new CallPath(parts[0], target(way, parts, rawPath), method);
    }

    private static Target target(String way, String[] parts, String rawPath) {
        return switch (way) {
            case "components" -> new Target.ShortForm("component", parts[2], parts[3]);
            case "services" -> new Target.ShortForm("service", parts[2], parts[3]);
            case "resources" -> resource(parts[2], parts[3], parts[0]);
            case "rpc" -> new Target.Service(parts[2]);
            default -> throw unknown(rawPath);
        };
    }

    private static Target resource(String api, String name, String machine) {
        try {
            return Target.Resource.parse(api + "/" + name);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.of(
                            ProblemCode.RESOURCE_UNKNOWN,
                            "'" + api + "' is no API: write namespace:type:subtype, such as rdk:component:motor.")
                    .on(machine));
        }
    }

    private static ProblemException unknown(String rawPath) {
        return new ProblemException(Problem.of(ProblemCode.PATH_UNKNOWN, "There is nothing at " + rawPath + "."));
    }

    private static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            // In a path a plus is a plus.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.invalid("path", "'" + segment + "' is not percent-encoded as it should be."));
        }
    }
}
