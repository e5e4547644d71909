package dev.fleetgateway.lease;

import dev.fleetgateway.motion.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What may not be moved now because it is being stopped. Guarded by the lock of its machine's {@link Desk}; as bounded as stops. */
final class Gate {

    /** One closing: of everything, or of some resources; by a person's stop, or by one of the gateway's own. No two are equal. */
    static final class Closing {

        private final boolean whole;
        private final Set<Resource> resources;
        private final boolean asked;

        private Closing(boolean whole, Set<Resource> resources, boolean asked) {
            this.whole = whole;
            this.resources = Set.copyOf(resources);
            this.asked = asked;
        }

        private boolean concerns(Resource resource) {
            return whole || resources.contains(resource);
        }
    }

    private final List<Closing> closings = new ArrayList<>();

    /** Closes it; {@code asked} where somebody asked for that stop. */
    Closing close(boolean whole, Set<Resource> resources, boolean asked) {
        Closing closing = new Closing(whole, resources, asked);
        closings.add(closing);
        return closing;
    }

    void open(Closing closing) {
        closings.remove(closing);
    }

    /**
     * Lets a command pass, or refuses it. What the gateway stops by itself keeps it for a moment only, and is 503; what somebody stops
     * is not, since 503 is what others repeat by themselves, and nothing may undo a person's stop.
     */
    void pass(String machine, Resource resource) {
        List<Closing> closed =
                closings.stream().filter(each -> each.concerns(resource)).toList();
        if (!closed.isEmpty()) {
            throw closed.stream().anyMatch(each -> each.asked)
                    ? Refusals.stopping(machine)
                    : Refusals.settling(machine);
        }
    }

    int stops() {
        return closings.size();
    }
}
