package dev.fleetgateway.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LeaseStateTests {

    private static final LeaseState FIRST = new LeaseState.Free(0);

    @Property
    void theNumberNeverGoesBack(@ForAll("events") List<LeaseEvent> events) {
        each(events, (before, _, after) -> assertThat(after.sequence()).isGreaterThanOrEqualTo(before.sequence()));
    }

    @Property
    void onlyAGrantMakesAHolderAndOnlyWhereThereIsNone(@ForAll("events") List<LeaseEvent> events) {
        each(events, (before, event, after) -> {
            if (after instanceof LeaseState.Held held && !(before instanceof LeaseState.Held)) {
                assertThat(before).isInstanceOf(LeaseState.Free.class);
                assertThat(event).isInstanceOf(LeaseEvent.Granted.class);
                assertThat(held.sequence()).isGreaterThan(before.sequence());
                assertThat(held.suspended()).isFalse();
            }
        });
    }

    @Property
    void noHolderIsReplacedByAnother(@ForAll("events") List<LeaseEvent> events) {
        each(events, (before, _, after) -> {
            if (before instanceof LeaseState.Held one && after instanceof LeaseState.Held other) {
                assertThat(other.lease()).isEqualTo(one.lease());
            }
        });
    }

    @Property
    void whatHasEndedIsSettledBeforeAnythingIsGranted(@ForAll("events") List<LeaseEvent> events) {
        each(events, (before, event, after) -> {
            if (before instanceof LeaseState.Ending ending && !after.equals(before)) {
                assertThat(event).isEqualTo(new LeaseEvent.Settled(ending.lease()));
                assertThat(after).isEqualTo(new LeaseState.Free(ending.sequence()));
            }
            if (before instanceof LeaseState.Held && !(after instanceof LeaseState.Held)) {
                assertThat(after).isInstanceOf(LeaseState.Ending.class);
            }
        });
    }

    @Property
    void onlyItsHolderLiftsASuspension(@ForAll("events") List<LeaseEvent> events) {
        each(events, (before, event, after) -> {
            if (before instanceof LeaseState.Held held
                    && held.suspended()
                    && after instanceof LeaseState.Held next
                    && !next.suspended()) {
                assertThat(event).isInstanceOf(LeaseEvent.Resumed.class);
                assertThat(((LeaseEvent.Resumed) event).lease()).isEqualTo(held.lease());
            }
        });
    }

    @Property
    void whatConcernsAnotherLeaseChangesNothing(@ForAll("events") List<LeaseEvent> events) {
        each(events, (before, event, after) -> {
            Lease concerned = switch (event) {
                case LeaseEvent.Granted _, LeaseEvent.Suspended _ -> null;
                case LeaseEvent.Present(var lease, var _) -> lease;
                case LeaseEvent.Resumed(var lease, var _) -> lease;
                case LeaseEvent.Ended(var lease, var _) -> lease;
                case LeaseEvent.Settled(var lease) -> lease;
            };
            Lease current = switch (before) {
                case LeaseState.Free _ -> null;
                case LeaseState.Held held -> held.lease();
                case LeaseState.Ending ending -> ending.lease();
            };
            if (concerned != null && !concerned.equals(current)) {
                assertThat(after).isEqualTo(before);
            }
        });
    }

    private interface Step {
        void look(LeaseState before, LeaseEvent event, LeaseState after);
    }

    private static void each(List<LeaseEvent> events, Step step) {
        LeaseState state = FIRST;
        for (LeaseEvent event : events) {
            LeaseState next = state.on(event);
            step.look(state, event, next);
            state = next;
        }
    }

    @Provide
    Arbitrary<List<LeaseEvent>> events() {
        Arbitrary<Lease> leases = Arbitraries.longs()
                .between(1, 4)
                .map(number -> new Lease(
                        "id-" + number,
                        "alice",
                        number,
                        Duration.ofSeconds(2),
                        Instant.parse("2030-01-01T00:00:00Z"),
                        number % 2 == 0,
                        ""));
        Arbitrary<Long> moments = Arbitraries.longs().between(-10, 10);
        Arbitrary<LeaseEvent> granted = Combinators.combine(leases, moments).as(LeaseEvent.Granted::new);
        Arbitrary<LeaseEvent> present = Combinators.combine(leases, moments).as(LeaseEvent.Present::new);
        Arbitrary<LeaseEvent> resumed = Combinators.combine(leases, moments).as(LeaseEvent.Resumed::new);
        Arbitrary<LeaseEvent> ended =
                Combinators.combine(leases, Arbitraries.of(EndReason.class)).as(LeaseEvent.Ended::new);
        Arbitrary<LeaseEvent> settled = leases.map(LeaseEvent.Settled::new);
        return Arbitraries.oneOf(
                        granted, present, resumed, ended, settled, Arbitraries.just(new LeaseEvent.Suspended()))
                .list()
                .ofMaxSize(40);
    }
}
