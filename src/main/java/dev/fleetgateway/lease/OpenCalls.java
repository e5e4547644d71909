package dev.fleetgateway.lease;

import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.time.Time;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The presence of a caller without a lease: his open calls, each for so long at most, and the motions he said how long to hold. Guarded by the
 * lock of its machine's {@link Desk}; as bounded as the calls in flight and the resources there are.
 */
final class OpenCalls {

    /** A motion held without a call; {@code act} is the one that began it. */
    record Hold(Act act, long until, Time.Timer timer) {}

    private final Map<Act, Long> open = new HashMap<>();
    private final Map<Resource, Hold> holds = new HashMap<>();

    void begin(Act act, long until) {
        open.put(act, until);
    }

    /** Whether it was open. */
    boolean end(Act act) {
        return open.remove(act) != null;
    }

    /** Whether a call of that resource is open that was let in after another. */
    boolean openOn(Resource resource) {
        return open.keySet().stream().anyMatch(act -> act.about.resource().equals(resource));
    }

    /** Holds a resource's motion; what was held of it before is the newer one's now. */
    void hold(Hold hold) {
        Hold before = holds.put(hold.act.about.resource(), hold);
        if (before != null) {
            before.timer.cancel();
        }
    }

    /** The motion of a resource that is held; null where none is. */
    @Nullable
    Hold holdOf(Resource resource) {
        return holds.get(resource);
    }

    /** The hold of a resource whose time is over, unless a call of it is open; null where there is none. */
    @Nullable
    Hold overdue(Resource resource, long now) {
        Hold hold = holds.get(resource);
        return hold != null && now - hold.until >= 0 && !openOn(resource) ? hold : null;
    }

    @Nullable
    Hold letGo(Resource resource) {
        Hold hold = holds.remove(resource);
        if (hold != null) {
            hold.timer.cancel();
        }
        return hold;
    }

    boolean isEmpty() {
        return open.isEmpty() && holds.isEmpty();
    }

    /** Until when somebody is present at most; the smallest number where nobody is. */
    long until() {
        long until = Long.MIN_VALUE;
        for (long each : open.values()) {
            until = later(until, each);
        }
        for (Hold hold : holds.values()) {
            until = later(until, hold.until);
        }
        return until;
    }

    // Readings of the clock may wrap, so that only their difference says which is later.
    private static long later(long one, long other) {
        return one == Long.MIN_VALUE || other - one > 0 ? other : one;
    }

    /** Everything is over. */
    void clear() {
        holds.values().forEach(hold -> hold.timer.cancel());
        holds.clear();
        open.clear();
    }
}
