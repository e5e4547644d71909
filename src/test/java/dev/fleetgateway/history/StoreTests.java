package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a database must do, whichever it is. */
abstract class StoreTests {

    static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Run FIRST = new Run("first", "gateway-0", START);
    static final Run SECOND = new Run("second", "gateway-0", START.plusSeconds(100));

    /** Another connection to the same database, as after a restart. */
    abstract Store connect(Bounds bounds);

    final Store connect() {
        return connect(Bounds.EMBEDDED);
    }

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
    void anyYearOfFourDigitsCanBeAskedFor() {
        Instant first = Instant.parse("0000-01-01T00:00:00Z");
        Instant last = Instant.parse("9999-12-31T23:59:59.999999999Z");
        try (Store store = connect()) {
            store.open(FIRST);
            for (Instant moment : List.of(first, last)) {
                HistoryQuery query = new HistoryQuery(
                        null, moment, moment, new Entry.Place(moment, 999_999_999_999_999_999L, "x"), 9);
                assertThat(read(store, FIRST, query)).isEmpty();
            }
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
        for (int i = 1; i <= 110; i++) {
            many.add(entry(SECOND, i, Part.CONNECTION, Standing.of("READY"), 100 + i, 101 + i));
        }
        try (Store store = connect(new Bounds(100, 1_000))) {
            store.open(FIRST);
            store.write(
                    FIRST,
                    List.of(
                            entry(FIRST, 1, Part.CONNECTION, Standing.of("READY"), 1, 5),
                            entry(FIRST, 2, Part.SYNC, Standing.of("ACTIVE"), 1, null)),
                    at(6));
            store.open(SECOND);
            store.write(SECOND, many, at(300));
            store.write(SECOND, List.of(entry(SECOND, 9_000, Part.SYNC, Standing.of("ACTIVE"), 0, null)), null);
            purge(store, SECOND, at(50));

            List<Entry> left = all(store, "r1");
            assertThat(left).hasSize(100 + 1);
            assertThat(left).extracting(Entry::run).containsOnly("second");
            assertThat(left.getLast().lasts()).isTrue();
            assertThat(left.getFirst().since()).isEqualTo(many.getLast().since());
        }
    }

    @Test
    void whatLastsStaysThoughTheClockJumpedFarAhead() {
        Entry lasts = entry(FIRST, 1, Part.CONNECTION, Standing.of("READY"), 1, null);
        try (Store store = connect()) {
            store.open(FIRST);
            store.write(FIRST, List.of(lasts), at(30));
            purge(store, FIRST, at(10_000));
            store.write(FIRST, List.of(), at(20_000));

            assertThat(read(store, FIRST, all())).containsExactly(lasts);
        }
    }

    @Test
    void aFloodOfOnePartTakesNothingFromAnother() {
        List<Entry> flood = new ArrayList<>();
        for (int i = 1; i <= 110; i++) {
            flood.add(entry(SECOND, i, Part.LEASE, Standing.lease("alice", i, "ACTIVE"), 100 + i, 101 + i));
        }
        Entry outage = entry(SECOND, 9_000, Part.CONNECTION, Standing.of("TRANSIENT_FAILURE"), 60, 90);
        try (Store store = connect(new Bounds(100, 50))) {
            store.open(SECOND);
            store.write(SECOND, flood, null);
            store.write(SECOND, List.of(outage), at(300));
            purge(store, SECOND, at(50));

            assertThat(all(store, "r1")).hasSize(50 + 1).endsWith(outage);
        }
    }

    @Test
    void whereAllMachinesTogetherHaveTooMuchThoseGiveThatHaveTheMost() {
        try (Store store = connect(new Bounds(100, 120))) {
            store.open(SECOND);
            int number = 0;
            for (Map.Entry<String, Integer> machine :
                    Map.of("r1", 130, "r2", 30, "r3", 10).entrySet()) {
                List<Entry> some = new ArrayList<>();
                for (int i = 0; i < machine.getValue(); i++) {
                    some.add(entry(
                            SECOND,
                            ++number,
                            machine.getKey(),
                            Part.CONNECTION,
                            Standing.of("READY"),
                            100 + i,
                            101 + i));
                }
                store.write(SECOND, some, null);
            }
            purge(store, SECOND, at(50));

            assertThat(all(store, "r1")).hasSize(80);
            assertThat(all(store, "r1").getLast().since()).isEqualTo(at(150));
            assertThat(all(store, "r2")).hasSize(30);
            assertThat(all(store, "r3")).hasSize(10);
        }
    }

    @Test
    void whatAGatewayLeavesOpenThatIsKilledAgainAndAgainIsTooMuchSomeTime() {
        try (Store store = connect(new Bounds(10, 1_000))) {
            for (int i = 0; i < 30; i++) {
                Run run = new Run("run-" + i, "gateway-0", at(i));
                store.open(run);
                store.write(run, List.of(entry(run, 1, Part.CONNECTION, Standing.of("READY"), i, null)), at(i));
            }
            Run last = new Run("run-29", "gateway-0", at(29));
            purge(store, last, at(-50));

            assertThat(store.read(last, "r1", all(), at(30)))
                    .hasSize(10 + 1)
                    .extracting(Entry::run)
                    .startsWith("run-29");
        }
    }

    @Test
    void whatAKilledGatewayLeftOpenIsNotOpenBesideWhatItsSuccessorSees() {
        Run killed = new Run("killed", "gateway-7d9f-x2x4z", START);
        Run next = new Run("next", "gateway-7d9f-k8s9q", START.plusSeconds(38));
        try (Store store = connect()) {
            store.open(killed);
            store.write(
                    killed,
                    List.of(
                            entry(killed, 1, Part.CONNECTION, Standing.of("READY"), 1, null),
                            entry(killed, 2, Part.SYNC, Standing.of("ACTIVE"), 33, null)),
                    at(30));
            store.open(next);
            store.write(
                    next,
                    List.of(
                            entry(next, 1, Part.CONNECTION, Standing.of("CONNECTING"), 38, null),
                            entry(next, 2, Part.SYNC, Standing.of("UNKNOWN"), 38, null)),
                    at(58));

            assertThat(store.read(next, "r1", all(), at(65)).stream().map(TrackTests::text))
                    .containsExactly(
                            "UNKNOWN 38-", "CONNECTING 38-", "ACTIVE 33-33 GATEWAY_LOST", "READY 1-30 GATEWAY_LOST");
            // It was seen after the last beat, and so it was there at that moment.
            assertThat(store.read(next, "r1", new HistoryQuery(Part.SYNC, at(32), at(34), null, 9), at(65)))
                    .hasSize(1);
        }
    }

    private static void purge(Store store, Run run, Instant before) {
        boolean more = store.purge(run, at(300), before);
        while (more) {
            more = store.purge(run, at(300), before);
        }
    }

    private static List<Entry> all(Store store, String machine) {
        return store.read(SECOND, machine, new HistoryQuery(null, null, null, null, 20_000), at(300));
    }

    private static List<Entry> read(Store store, Run run, HistoryQuery query) {
        return store.read(run, "r1", query, at(120));
    }

    static HistoryQuery all() {
        return new HistoryQuery(null, null, null, null, 100);
    }

    static Entry entry(Run run, long number, Part part, Standing standing, long since, @Nullable Integer until) {
        return entry(run, number, "r1", part, standing, since, until);
    }

    private static Entry entry(
            Run run, long number, String machine, Part part, Standing standing, long since, @Nullable Integer until) {
        return new Entry(
                run.id(),
                number,
                machine,
                part,
                standing,
                at(since),
                until == null ? null : at(until),
                until == null ? null : End.CHANGED,
                "it's \"so\"",
                run.replica());
    }

    static Instant at(long second) {
        return START.plus(Duration.ofSeconds(second));
    }
}
