package dev.fleetgateway.lease;

import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What moves on one machine through the gateway: the calls in flight, what was moved, what is still to be stopped. Guarded by the lock
 * of its machine's {@link Desk}; bounded by the calls in flight and the resources of the machine.
 */
final class Traffic {

    /** A caller may name any resource; more than this on one machine are stopped together with everything. */
    private static final int MOST_MOVED = 1_000;

    /** More commands than this without an end need no name each: one is enough to make a stop unsure. */
    private static final int MOST_LOST = 200;

    private static final Resource ANYTHING = new Resource("*", "");

    final Gate gate = new Gate();
    final OpenCalls open = new OpenCalls();

    private final Map<String, Act> acts = new HashMap<>();
    private final List<Act> lost = new ArrayList<>();
    private final Map<Resource, Act> moved = new HashMap<>();
    private final Set<Resource> owed = new HashSet<>();

    void begin(Act act) {
        acts.put(act.about.operation(), act);
    }

    void end(Act act) {
        acts.remove(act.about.operation(), act);
    }

    /** It ended without the machine's word: every stop has to reckon with it, as long as its session may be alive. */
    void lose(Act act) {
        act.lost = true;
        if (lost.size() < MOST_LOST) {
            lost.add(act);
        }
    }

    /** Those that a stop of these resources, or of everything, has to reckon with. */
    List<Act> lost(boolean whole, Set<Resource> resources) {
        return lost.stream()
                .filter(act -> whole || resources.contains(act.about.resource()))
                .toList();
    }

    boolean hasLost() {
        return !lost.isEmpty();
    }

    /** What was sent under earlier sessions is refused by the machine from now on, if it is tied to one. */
    void newSession() {
        lost.removeIf(act -> act.about.monitored());
    }

    List<Act> inFlight(Predicate<Act> chosen) {
        List<Act> found = new ArrayList<>();
        acts.values().forEach(act -> {
            if (!act.over && chosen.test(act)) {
                found.add(act);
            }
        });
        return found;
    }

    /** A command that was sent may move what it names; false where that was so before. */
    boolean moved(Act by) {
        return moved.put(moved.size() < MOST_MOVED ? by.about.resource() : ANYTHING, by) == null;
    }

    /** The machine refused what would have been the first to move it, and nothing was sent to it since. */
    void notMoved(Act by) {
        moved.remove(by.about.resource(), by);
    }

    /** It was seen to stand after a stop. */
    void stands(StopReport report) {
        report.resources().stream()
                .filter(each -> each.outcome() == StopReport.Outcome.STOPPED)
                .forEach(each ->
                        moved.keySet().removeIf(resource -> resource.toString().equals(each.resource())));
    }

    /** What was moved since it was last taken, and by calls in flight. */
    Set<Resource> concerned(List<Act> inFlight) {
        Set<Resource> concerned = new HashSet<>(moved.keySet());
        inFlight.forEach(act -> concerned.add(act.about.resource()));
        return concerned;
    }

    void forgetMoved() {
        moved.clear();
    }

    /** It could not be told to stop, and is to be told as soon as the machine is there again. */
    void owe(Set<Resource> resources) {
        resources.forEach(resource -> owed.add(owed.size() < MOST_MOVED ? resource : ANYTHING));
    }

    /** So is everything that was moved: whether it still moves is not known. */
    void oweMoved() {
        owe(Set.copyOf(moved.keySet()));
        moved.clear();
    }

    boolean owes() {
        return !owed.isEmpty();
    }

    Set<Resource> takeOwed() {
        Set<Resource> taken = Set.copyOf(owed);
        owed.clear();
        return taken;
    }

    boolean isEmpty() {
        return acts.isEmpty() && moved.isEmpty() && owed.isEmpty() && gate.stops() == 0;
    }
}
