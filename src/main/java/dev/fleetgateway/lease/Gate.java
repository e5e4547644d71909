package dev.fleetgateway.lease;

import dev.fleetgateway.motion.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What may not be moved now because it is being stopped. Guarded by the lock of its machine's {@link Desk}; as bounded as stops. */
final class Gate {

    /** One closing: of everything, or of some resources. No two are equal. */
    static final class Closing {

        private final boolean whole;
        private final Set<Resource> resources;

        private Closing(boolean whole, Set<Resource> resources) {
            this.whole = whole;
            this.resources = Set.copyOf(resources);
        }
    }

    private final List<Closing> closings = new ArrayList<>();

    Closing close(boolean whole, Set<Resource> resources) {
        Closing closing = new Closing(whole, resources);
        closings.add(closing);
        return closing;
    }

    void open(Closing closing) {
        closings.remove(closing);
    }

    boolean closedFor(Resource resource) {
        return closings.stream().anyMatch(each -> each.whole || each.resources.contains(resource));
    }

    int stops() {
        return closings.size();
    }
}
