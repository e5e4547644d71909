package dev.fleetgateway.history;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many entries each machine has of each part, and so how many of a part it may keep. Of one thread. */
final class Census {

    private final Bounds bounds;

    /** How many machines have so many. */
    private final Map<Part, SortedMap<Integer, Integer>> machines = new EnumMap<>(Part.class);

    Census(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Counts a machine. */
    void count(Part part, int entries) {
        machines.computeIfAbsent(part, _ -> new TreeMap<>()).merge(Math.min(entries, bounds.ofOne()), 1, Integer::sum);
    }

    /**
     * The most of a part that each machine may keep so that all of them keep to the bound, for those parts where that is less than the bound
     * of one. Who has less than an equal share leaves the rest of it to the others: a machine whose radio is bad may have its thousands
     * in a large fleet that is quiet.
     */
    Map<Part, Integer> shares() {
        Map<Part, Integer> shares = new EnumMap<>(Part.class);
        machines.forEach((part, counted) -> {
            int share = share(counted);
            if (share < bounds.ofOne()) {
                shares.put(part, share);
            }
        });
        return shares;
    }

    private int share(SortedMap<Integer, Integer> counted) {
        int free = bounds.ofAll();
        int left = counted.values().stream().mapToInt(Integer::intValue).sum();
        for (Map.Entry<Integer, Integer> same : counted.entrySet()) {
            if ((long) same.getKey() * left > free) {
                return free / left;
            }
            free -= same.getKey() * same.getValue();
            left -= same.getValue();
        }
        return bounds.ofOne();
    }
}
