package dev.fleetgateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ConnectionStateTests {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private static final ConnectionState FIRST = new ConnectionState.Connecting(START, "not tried yet", 0);

    @Property
    void sinceMovesExactlyWhenTheWordDoes(@ForAll("events") List<ConnectionEvent> events) {
        ConnectionState state = FIRST;
        for (ConnectionEvent event : events) {
            ConnectionState next = state.on(event);
            if (next.word().equals(state.word())) {
                assertThat(next.since()).isEqualTo(state.since());
            } else {
                assertThat(next.since()).isEqualTo(event.at());
            }
            state = next;
        }
    }

    @Property
    void whatIsShutDownStaysSo(@ForAll("events") List<ConnectionEvent> events) {
        ConnectionState shutdown = FIRST.on(new ConnectionEvent.Closed(START, "the gateway stops"));
        ConnectionState state = shutdown;
        for (ConnectionEvent event : events) {
            state = state.on(event);
        }
        assertThat(state).isEqualTo(shutdown);
    }

    @Property
    void onlyAnAnswerMakesItReady(@ForAll("events") List<ConnectionEvent> events) {
        ConnectionState state = FIRST;
        for (ConnectionEvent event : events) {
            ConnectionState next = state.on(event);
            if (next.ready() && !state.ready()) {
                assertThat(event).isInstanceOf(ConnectionEvent.Answered.class);
            }
            state = next;
        }
    }

    @Test
    void failuresInARowAreCountedFromOneAndForgottenWithAnAnswer() {
        ConnectionState state = FIRST;
        for (int i = 1; i <= 3; i++) {
            state = state.on(new ConnectionEvent.Failed(START, FailureKind.REFUSED, "refused", START))
                    .on(new ConnectionEvent.DialStarted(START));
            assertThat(state.attempts()).isEqualTo(i);
        }
        state = state.on(new ConnectionEvent.Answered(START, "it answers"));
        assertThat(state.attempts()).isZero();
    }

    @Test
    void aParkedConnectionIsNotWokenByAFailureThatComesLate() {
        ConnectionState parked = FIRST.on(new ConnectionEvent.Parked(START, "by an administrator"));
        assertThat(parked.on(new ConnectionEvent.Failed(START, FailureKind.TIMEOUT, "late", START)))
                .isEqualTo(parked);
    }

    @Provide
    Arbitrary<List<ConnectionEvent>> events() {
        Arbitrary<Instant> at = Arbitraries.longs().between(1, 10_000).map(START::plusSeconds);
        Arbitrary<FailureKind> kind = Arbitraries.of(FailureKind.values());
        Arbitrary<ConnectionEvent> event = Arbitraries.oneOf(
                at.map(ConnectionEvent.DialStarted::new),
                at.map(when -> new ConnectionEvent.Answered(when, "it answers")),
                Combinators.combine(at, kind).as((when, of) -> new ConnectionEvent.Failed(when, of, "failed", when)),
                Combinators.combine(at, kind).as((when, of) -> new ConnectionEvent.Lost(when, of, "lost", when)),
                at.map(when -> new ConnectionEvent.Parked(when, "parked")));
        return event.list().ofMaxSize(30);
    }
}
