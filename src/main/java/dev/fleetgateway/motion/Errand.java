package dev.fleetgateway.motion;

import org.jspecify.annotations.Nullable;

/**
 * A motion that a service goes on with by itself: no call is in flight for it, and no session guards it.
 *
 * @param component what it drives; null where the service does not say
 * @param execution what the machine calls it; null where it is a mode
 * @param state the machine's own word, without its prefix: {@code IN_PROGRESS}, or the mode, such as {@code WAYPOINT}
 */
public record Errand(
        Resource service,
        @Nullable String component,
        @Nullable String execution,
        String state) {

    static final String PREFIX = "MODE_";

    /** A plan that is carried out. */
    public static Errand execution(Resource service, String component, String id) {
        return new Errand(service, component.isEmpty() ? null : component, id, "IN_PROGRESS");
    }

    /** A navigation service in a mode other than manual, by the mode's full name. */
    public static Errand mode(Resource service, String name) {
        return new Errand(service, null, null, name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
    }

    /** Whether another is the same motion, seen at another time. */
    public boolean isSameAs(Errand other) {
        return service.equals(other.service)
                && (execution == null
                        ? other.execution == null && state.equals(other.state)
                        : execution.equals(other.execution));
    }
}
