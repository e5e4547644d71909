package dev.fleetgateway.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.WildRun.Action;
import dev.fleetgateway.lease.WildRun.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/**
 * Whatever callers do at all doors while machines go through faults, a machine hears of nothing that it should not hear of, and the
 * gateway knows what became of what it sent. Sequences run side by side, each on a machine of its own; {@code
 * -Dgateway.property.runs} says how many.
 */
class LeasePropertyIT {

    private static final int RUNS = Integer.getInteger("gateway.property.runs", 10);
    private static final int AT_ONCE = 10;
    private static final int LENGTH = 80;

    private static @Nullable LeasedFleet fleet;
    private static @Nullable AuditTrail trail;

    @BeforeContainer
    static void start() {
        fleet = LeasedFleet.of(
                IntStream.range(0, RUNS)
                        .mapToObj(i -> LeasedFleet.spec("m-" + i).withWindow(Duration.ofSeconds(1)))
                        .toList(),
                "gateway.call.max-in-flight-per-caller=5000",
                "gateway.call.act-timeout=4s");
        trail = AuditTrail.begin();
    }

    @AfterContainer
    static void stop() {
        if (trail != null) {
            trail.close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }

    @Property(
            tries = 1,
            generation = GenerationMode.RANDOMIZED,
            edgeCases = EdgeCasesMode.NONE,
            shrinking = ShrinkingMode.OFF)
    void whateverHappensNothingMovesThatShouldNot(@ForAll("sequences") List<List<Action>> sequences) {
        LeasedFleet gateway = Objects.requireNonNull(fleet);
        AuditTrail audit = Objects.requireNonNull(trail);
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<CompletableFuture<String>> runs = sequences.stream()
                    .map(actions -> CompletableFuture.supplyAsync(
                            () -> new WildRun(gateway.rover(), audit).through(actions), threads))
                    .toList();
            assertThat(runs.stream().map(CompletableFuture::join).filter(failure -> !failure.isEmpty()))
                    .isEmpty();
        }
    }

    @Provide
    Arbitrary<List<List<Action>>> sequences() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(8, Kind.ACQUIRE),
                Tuple.of(30, Kind.ACT),
                Tuple.of(8, Kind.ACT_WITHOUT_LEASE),
                Tuple.of(3, Kind.HOLD),
                Tuple.of(3, Kind.READ),
                Tuple.of(2, Kind.STOP),
                Tuple.of(1, Kind.OWN_STOP),
                Tuple.of(1, Kind.SINGLE_STOP),
                Tuple.of(2, Kind.TAKE),
                Tuple.of(2, Kind.RELEASE),
                Tuple.of(6, Kind.RESUME),
                Tuple.of(1, Kind.FALL_SILENT),
                Tuple.of(2, Kind.VANISH),
                Tuple.of(1, Kind.CANCEL_ALL),
                Tuple.of(3, Kind.WAIT),
                Tuple.of(2, Kind.DELAY),
                Tuple.of(2, Kind.DELAY_ON_THE_WAY),
                Tuple.of(1, Kind.HANG),
                Tuple.of(1, Kind.MISS_HEARTBEATS),
                Tuple.of(1, Kind.RESTART),
                Tuple.of(1, Kind.HANG_IN_STOP),
                Tuple.of(4, Kind.MEND));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, WildRun.CALLERS - 1),
                        Arbitraries.integers().between(0, WildRun.COMMANDS - 1),
                        Arbitraries.integers().between(0, 400))
                .as(Action::new)
                .list()
                .ofSize(LENGTH)
                .list()
                .ofSize(RUNS);
    }
}
