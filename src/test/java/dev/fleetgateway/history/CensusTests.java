package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CensusTests {

    private static final Bounds BOUNDS = new Bounds(50, 300);

    @Property
    void theShareIsTheMostByWhichAllKeepToTheBound(
            @ForAll @Size(max = 400) List<@IntRange(min = 1, max = 60) Integer> machines) {
        Census census = new Census(BOUNDS);
        machines.forEach(entries -> census.count(Part.ROUTE, entries));
        int share = census.shares().getOrDefault(Part.ROUTE, BOUNDS.ofOne());

        assertThat(left(machines, share)).isLessThanOrEqualTo(BOUNDS.ofAll());
        assertThat(share).isLessThanOrEqualTo(BOUNDS.ofOne());
        if (share < BOUNDS.ofOne()) {
            assertThat(left(machines, share + 1)).isGreaterThan(BOUNDS.ofAll());
        }
        assertThat(census.shares()).doesNotContainKey(Part.LEASE);
    }

    private static long left(List<Integer> machines, int share) {
        return machines.stream().mapToLong(entries -> Math.min(entries, share)).sum();
    }
}
