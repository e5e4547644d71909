package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a database must do, whichever it is. */
abstract class StoreTests {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Run FIRST = new Run("first", "gateway-0", START);
    private static final Run SECOND = new Run("second", "gateway-0", START.plusSeconds(100));

    /** Another connection to the same database, as after a restart. */
    abstract Store connect();

    @Test
    void whatIsWrittenIsReadAsItWasNewestFirst() {
        List<Entry> written = List.of(
                entry(FIRST, 1, Part.CONNECTION, Standing.of("READY"), 1, 5),
                entry(FIRST, 2, Part.ROUTE, Standing.route("LAN", "MDNS", "GRPC", "10.0.0.7:8080"), 2, 3),
                entry(FIRST, 3, Part.LEASE, Standing.lease("alice", 7, "ACTIVE"), 3, null),
                entry(FIRST, 4, Part.SYNC, Standing.of("PAUSED"), 3, 4));
        try (Store store = connect()) {
            store.open(FIRST);
            store.write(FIRST, written, at(10));
            store.write(FIRST, written, at(11));

            assertThat(read(store, FIRST, all())).containsExactlyElementsOf(written.reversed());
            assertThat(read(store, FIRST, new HistoryQuery(Part.ROUTE, null, null, null, 10)))
                    .containsExactly(written.get(1));
            assertThat(read(store, FIRST, new HistoryQuery(null, at(4), at(3), null, 10)))
                    .containsExactly(written.get(0));
            assertThat(read(
                            store,
                            FIRST,
                            new HistoryQuery(null, null, null, written.get(2).place(), 10)))
                    .containsExactly(written.get(1), written.get(0));
            assertThat(read(store, FIRST, new HistoryQuery(null, null, null, null, 1)))
                    .hasSize(2);
            assertThat(store.read(FIRST, "another", all(), at(0))).isEmpty();
        }
    }

    @Test
    void anEntryThatWasOpenIsEndedByALaterWrite() {
        Entry lasts = entry(FIRST, 1, Part.CONNECTION, Standing.of("READY"), 1, null);
        Entry ended = lasts.ended(at(9), End.CHANGED);
        try (Store store = connect()) {
            store.open(FIRST);
            store.write(FIRST, List.of(lasts), null);
            store.write(FIRST, List.of(ended), null);

            assertThat(read(store, FIRST, all())).containsExactly(ended);
        }
    }

    @Test
    void whatALostGatewayLeftOpenHeldUntilItWasLastKnownToWatch() {
        try (Store store = connect()) {
            store.open(FIRST);
            store.write(FIRST, List.of(entry(FIRST, 1, Part.CONNECTION, Standing.of("READY"), 1, null)), at(30));
            store.write(FIRST, List.of(entry(FIRST, 2, Part.SYNC, Standing.of("ACTIVE"), 40, null)), null);
        }
        try (Store store = connect()) {
            store.open(SECOND);
            store.write(SECOND, List.of(entry(SECOND, 1, Part.CONNECTION, Standing.of("READY"), 101, null)), at(110));

            assertThat(read(store, SECOND, all()).stream().map(TrackTests::text))
                    .containsExactly("READY 101-", "ACTIVE 40-40 GATEWAY_LOST", "READY 1-30 GATEWAY_LOST");
            assertThat(read(store, SECOND, new HistoryQuery(null, at(50), null, null, 10)))
                    .hasSize(1);
        }
    }

    @Test
    void whatAStoppedGatewayLeftOpenHeldUntilItWasStopped() {
        try (Store store = connect()) {
            store.open(FIRST);
            store.write(FIRST, List.of(entry(FIRST, 1, Part.CONNECTION, Standing.of("READY"), 1, null)), at(30));
            store.end(FIRST, at(44));
        }
        try (Store store = connect()) {
            store.open(SECOND);

            assertThat(read(store, SECOND, all()).stream().map(TrackTests::text))
                    .containsExactly("READY 1-44 GATEWAY_STOPPED");
        }
    }

    @Test
    void anotherReplicaThatIsAliveIsBelievedAndOneThatIsSilentIsNot() {
        Run other = new Run("other", "gateway-1", START);
        try (Store store = connect()) {
            store.open(other);
            store.write(other, List.of(entry(other, 1, Part.CONNECTION, Standing.of("READY"), 1, null)), at(30));
            store.open(SECOND);

            assertThat(store.read(SECOND, "r1", all(), at(50)).getFirst().lasts())
                    .isTrue();
            assertThat(store.read(SECOND, "r1", all(), at(200)).stream().map(TrackTests::text))
                    .containsExactly("READY 1-30 GATEWAY_LOST");
        }
    }

    @Test
    void aRunThatWasTakenForLostComesBack() {
        try (Store store = connect()) {
            store.open(FIRST);
            store.write(FIRST, List.of(entry(FIRST, 1, Part.CONNECTION, Standing.of("READY"), 1, null)), at(30));
            store.open(SECOND);
            store.write(FIRST, List.of(), at(101));

            assertThat(store.read(SECOND, "r1", all(), at(102)).getFirst().lasts())
                    .isTrue();
        }
    }

    @Test
    void whatIsTooOldOrTooMuchIsTakenOutAndWhatLastsStays() {
        List<Entry> many = new ArrayList<>();
        for (int i = 1; i <= JdbcStore.MOST_OF_ONE + 10; i++) {
            many.add(entry(SECOND, i, Part.CONNECTION, Standing.of("READY"), 100 + i, 101 + i));
        }
        try (Store store = connect()) {
            store.open(FIRST);
            store.write(
                    FIRST,
                    List.of(
                            entry(FIRST, 1, Part.CONNECTION, Standing.of("READY"), 1, 5),
                            entry(FIRST, 2, Part.SYNC, Standing.of("ACTIVE"), 1, null)),
                    at(6));
            store.open(SECOND);
            store.write(SECOND, many, at(20_000));
            store.write(SECOND, List.of(entry(SECOND, 90_000, Part.SYNC, Standing.of("ACTIVE"), 0, null)), null);
            assertThat(store.purge(at(50), Set.of("r1"))).isFalse();

            List<Entry> left = store.read(SECOND, "r1", new HistoryQuery(null, null, null, null, 20_000), at(20_000));
            assertThat(left).hasSize(JdbcStore.MOST_OF_ONE + 1);
            assertThat(left).extracting(Entry::run).containsOnly("second");
            assertThat(left.getLast().lasts()).isTrue();
            assertThat(left.getFirst().since()).isEqualTo(many.getLast().since());
        }
    }

    private static List<Entry> read(Store store, Run run, HistoryQuery query) {
        return store.read(run, "r1", query, at(120));
    }

    private static HistoryQuery all() {
        return new HistoryQuery(null, null, null, null, 100);
    }

    private static Entry entry(
            Run run, long number, Part part, Standing standing, long since, @Nullable Integer until) {
        return new Entry(
                run.id(),
                number,
                "r1",
                part,
                standing,
                at(since),
                until == null ? null : at(until),
                until == null ? null : End.CHANGED,
                "it's \"so\"",
                run.replica());
    }

    private static Instant at(long second) {
        return START.plus(Duration.ofSeconds(second));
    }
}
