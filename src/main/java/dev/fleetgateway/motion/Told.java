package dev.fleetgateway.motion;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine answered to being told to stop. An empty text is "told"; any other says why not.
 *
 * @param all of StopAll; null where it was not sent
 * @param each of the Stop of single resources, or what ends a service's motion
 */
public record Told(@Nullable String all, Map<Resource, String> each) {

    /** Nothing was told yet. */
    public static final Told NOTHING = new Told(null, Map.of());

    private static final String DONE = "";

    private static final List<String> UNANSWERED =
            List.of("Stop failed: UNAVAILABLE", "Stop failed: DEADLINE_EXCEEDED", "Stop failed: CANCELLED");

    /** Copies the map. */
    public Told {
        each = Map.copyOf(each);
    }

    /** Whether a resource was told, by either way. */
    public boolean reached(Resource resource) {
        return DONE.equals(each.get(resource)) || (DONE.equals(all) && ActuatorApi.isActuator(resource.api()));
    }

    /** Whether StopAll was answered. */
    public boolean reachedAll() {
        return DONE.equals(all);
    }

    /** Whether nobody answered for a resource, neither yes nor no: it may be told yet. */
    public boolean isUnanswered(Resource resource) {
        String own = each.get(resource);
        String said = own == null ? all : own;
        return said == null || UNANSWERED.stream().anyMatch(said::startsWith);
    }

    /** Why a resource could not be told, in words. */
    public String why(Resource resource) {
        String own = each.get(resource);
        return own != null && !own.isEmpty() ? own : all != null && !all.isEmpty() ? all : "it was not told";
    }

    /** What is known after both: told once is told. */
    public Told and(Told other) {
        Map<Resource, String> both = new LinkedHashMap<>(each);
        other.each.forEach((resource, said) -> both.merge(resource, said, (one, two) -> one.isEmpty() ? one : two));
        String whole = DONE.equals(all) || other.all == null ? all : other.all;
        return new Told(whole, both);
    }
}
