package dev.fleetgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SessionStateTests {

    private static final Duration WINDOW = Duration.ofSeconds(2);

    @Property
    void itLivesOnlyByAStartOrByBeingGoneOnWith(@ForAll("events") List<SessionEvent> events) {
        each(events, (before, event, after) -> {
            if (after instanceof SessionState.Alive alive && !(before instanceof SessionState.Alive)) {
                switch (event) {
                    case SessionEvent.Started(var id, var _, var _) -> {
                        assertThat(before).isInstanceOf(SessionState.Starting.class);
                        assertThat(alive.id()).isEqualTo(id);
                    }
                    case SessionEvent.Resumed(var id, var _) -> {
                        assertThat(before).isInstanceOf(SessionState.Fading.class);
                        assertThat(((SessionState.Fading) before).reusable()).isTrue();
                        assertThat(alive.id()).isEqualTo(id);
                    }
                    default -> throw new AssertionError(event);
                }
            }
        });
    }

    @Property
    void whatIsNotToBeGoneOnWithNeverIs(@ForAll("events") List<SessionEvent> events) {
        each(events, (before, _, after) -> {
            if (before instanceof SessionState.Fading one
                    && after instanceof SessionState.Fading other
                    && !one.reusable()) {
                assertThat(other.reusable()).isFalse();
            }
        });
    }

    @Property
    void theMomentOfItsDeathNeverComesNearer(@ForAll("events") List<SessionEvent> events) {
        each(events, (before, _, after) -> {
            if (before instanceof SessionState.Fading one && after instanceof SessionState.Fading other) {
                assertThat(other.id()).isEqualTo(one.id());
                assertThat(other.deadAt()).isGreaterThanOrEqualTo(one.deadAt());
            }
        });
    }

    @Property
    void oneThatLivesIsReplacedByNoOther(@ForAll("events") List<SessionEvent> events) {
        each(events, (before, _, after) -> {
            if (before instanceof SessionState.Alive one && after instanceof SessionState.Alive other) {
                assertThat(other.id()).isEqualTo(one.id());
                assertThat(other.heardAt()).isGreaterThanOrEqualTo(one.heardAt());
            }
        });
    }

    @Property
    void itDiesByItsOwnIdOnly(@ForAll("events") List<SessionEvent> events) {
        each(events, (before, event, after) -> {
            if (event instanceof SessionEvent.Died(var id) && !after.equals(before)) {
                assertThat(id(before)).isEqualTo(id);
                assertThat(after).isEqualTo(new SessionState.None());
            }
        });
    }

    private static String id(SessionState state) {
        return switch (state) {
            case SessionState.Alive alive -> alive.id();
            case SessionState.Fading fading -> fading.id();
            case SessionState.None _, SessionState.Starting _, SessionState.Unsupported _ -> "";
        };
    }

    private interface Step {
        void look(SessionState before, SessionEvent event, SessionState after);
    }

    private static void each(List<SessionEvent> events, Step step) {
        SessionState state = new SessionState.None();
        for (SessionEvent event : events) {
            SessionState next = state.on(event);
            step.look(state, event, next);
            state = next;
        }
    }

    @Provide
    Arbitrary<List<SessionEvent>> events() {
        Arbitrary<String> ids = Arbitraries.of("one", "two", "three");
        Arbitrary<Long> moments = Arbitraries.longs().between(0, 20);
        Arbitrary<Boolean> yesOrNo = Arbitraries.of(true, false);
        Arbitrary<SessionEvent> started =
                Combinators.combine(ids, moments).as((id, at) -> new SessionEvent.Started(id, WINDOW, at));
        Arbitrary<SessionEvent> heard = Combinators.combine(ids, moments).as(SessionEvent.Heard::new);
        Arbitrary<SessionEvent> resumed = Combinators.combine(ids, moments).as(SessionEvent.Resumed::new);
        Arbitrary<SessionEvent> left = Combinators.combine(moments, yesOrNo).as(SessionEvent.Left::new);
        Arbitrary<SessionEvent> died = ids.map(SessionEvent.Died::new);
        Arbitrary<SessionEvent> refused = yesOrNo.map(SessionEvent.Refused::new);
        return Arbitraries.oneOf(
                        Arbitraries.of(new SessionEvent.Asked(), new SessionEvent.OtherMachine()),
                        started,
                        heard,
                        resumed,
                        left,
                        died,
                        refused)
                .list()
                .ofMaxSize(40);
    }
}
