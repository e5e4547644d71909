package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TrackTests {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final List<Entry> told = new ArrayList<>();
    private final AtomicLong numbers = new AtomicLong();
    private final Track track = new Track("run", START, "r1", numbers::incrementAndGet, told::add);

    @Test
    void aChangeEndsTheEntryBeforeAtTheMomentItBegan() {
        see("CONNECTING", 0);
        see("READY", 3);
        see("READY", 9);

        assertThat(track.known().entries().stream().map(TrackTests::text))
                .containsExactlyInAnyOrder("CONNECTING 0-3 CHANGED", "READY 3-");
        assertThat(told).hasSize(3);
    }

    @Test
    void aClockThatIsSetBackEndsNothingBeforeItBegan() {
        see("READY", 100);
        see("TRANSIENT_FAILURE", 10);
        see("READY", 20);

        assertThat(track.known().entries().stream().map(TrackTests::text))
                .containsExactlyInAnyOrder("READY 100-100 CHANGED", "TRANSIENT_FAILURE 100-100 CHANGED", "READY 100-");
    }

    @Test
    void whatChangesWithoutASinceOfItsOwnChangedWhenItWasSeen() {
        track.see(Part.LEASE, new Observed(Standing.lease("alice", 1, "ACTIVE"), at(5), ""), "g", at(5), 10);
        track.see(Part.LEASE, new Observed(Standing.lease("alice", 1, "STOPPED"), at(5), ""), "g", at(8), 10);

        assertThat(track.known().entries().stream().map(TrackTests::text))
                .containsExactlyInAnyOrder("HELD 5-8 CHANGED", "HELD 8-");
    }

    @Test
    void whatIsConcludedLaterFromTheSightThatBeganTheEntryBeforeTakesItsPlace() {
        sync("UNKNOWN", at(0), at(0));
        // Seen at 10 s, and written down half a second later.
        sync("UNKNOWN, moved once", at(0), at(10).plusMillis(500));
        sync("ACTIVE", at(10), at(22));
        sync("PAUSED", at(10).plusMillis(400), at(72));

        assertThat(track.known().entries().stream().map(TrackTests::text))
                .containsExactlyInAnyOrder(
                        "UNKNOWN 0-10 CHANGED",
                        "UNKNOWN, moved once 10-10 CHANGED",
                        "ACTIVE 10-10 CHANGED",
                        "PAUSED 10-");
    }

    @Test
    void whatLastedWhileItWasSaidIsNotTakenBack() {
        sync("ACTIVE", at(30), at(30));
        sync("UNKNOWN", at(0), at(90));

        assertThat(track.known().entries().stream().map(TrackTests::text))
                .containsExactlyInAnyOrder("ACTIVE 30-90 CHANGED", "UNKNOWN 90-");
    }

    private void sync(String state, Instant since, Instant now) {
        track.see(Part.SYNC, new Observed(Standing.of(state), since, ""), "g", now, 10);
    }

    @Test
    void aReasonIsNoChangeUnlessItMeansSomethingElse() {
        track.see(Part.SYNC, new Observed(Standing.of("PAUSED"), at(1), "since 14:03", "since #"), "g", at(1), 10);
        track.see(Part.SYNC, new Observed(Standing.of("PAUSED"), at(1), "since 14:04", "since #"), "g", at(2), 10);
        track.see(Part.SYNC, new Observed(Standing.of("PAUSED"), at(1), "no disk", "no disk"), "g", at(3), 10);

        assertThat(track.known().entries().stream().map(TrackTests::text))
                .containsExactlyInAnyOrder("PAUSED 1-3 CHANGED", "PAUSED 3-");
    }

    @Test
    void aMachineThatLeavesEndsAllOfItsEntriesAndBeginsAnewWhenItComesBack() {
        see("READY", 1);
        track.removed(at(4), 10);
        see("READY", 9);

        assertThat(track.known().entries().stream().map(TrackTests::text))
                .containsExactlyInAnyOrder("READY 1-4 REMOVED", "READY 9-");
    }

    @Test
    void nothingBeginsBeforeTheGatewayWatched() {
        track.see(Part.SYNC, new Observed(Standing.of("PAUSED"), at(-600), ""), "g", at(2), 10);

        assertThat(track.known().entries().stream().map(TrackTests::text)).containsExactly("PAUSED 0-");
    }

    @Test
    void theOldestIsForgottenAndWhatMemoryIsGoodForIsKnown() {
        for (int i = 0; i < 10; i++) {
            see("state " + i, i);
        }
        track.forget(at(-1), 3);
        assertThat(track.known().entries()).hasSize(4);
        assertThat(track.known().completeAfter(Part.CONNECTION)).isEqualTo(at(5));
        assertThat(track.known().completeAfter(Part.SYNC)).isEqualTo(START);
        assertThat(track.known().completeAfter(null)).isEqualTo(at(5));

        track.forget(at(8), 3);
        assertThat(track.known().entries().stream().map(TrackTests::text))
                .containsExactlyInAnyOrder("state 7 7-8 CHANGED", "state 8 8-9 CHANGED", "state 9 9-");

        // The fleet has grown.
        track.forget(at(8), 1);
        assertThat(track.known().entries().stream().map(TrackTests::text))
                .containsExactlyInAnyOrder("state 8 8-9 CHANGED", "state 9 9-");
    }

    @Test
    void aFloodOfOnePartTakesNothingFromAnother() {
        for (int i = 0; i < 3; i++) {
            see("state " + i, i);
        }
        for (int i = 0; i < 10; i++) {
            track.see(Part.LEASE, new Observed(Standing.lease("alice", i, "ACTIVE"), at(3 + i), ""), "g", at(3 + i), 3);
        }

        assertThat(track.known().entries().stream()
                        .filter(entry -> entry.part() == Part.CONNECTION)
                        .map(TrackTests::text))
                .containsExactlyInAnyOrder("state 0 0-1 CHANGED", "state 1 1-2 CHANGED", "state 2 2-");
        assertThat(track.known().entries()).hasSize(3 + 4);
    }

    @Property
    void theEntriesOfAPartNeitherOverlapNorLeaveAGapWhateverTheClockDoes(@ForAll("sights") List<Sight> sights) {
        List<Entry> news = new ArrayList<>();
        Track watched = new Track("run", START, "r1", new AtomicLong()::incrementAndGet, news::add);
        sights.forEach(sight -> watched.see(
                sight.part(),
                new Observed(Standing.of(sight.state()), at(sight.since()), ""),
                "g",
                at(sight.now()),
                500));

        for (Part part : Part.values()) {
            List<Entry> chain = watched.known().entries().stream()
                    .filter(entry -> entry.part() == part)
                    .sorted(Comparator.comparingLong(Entry::number))
                    .toList();
            for (int i = 0; i < chain.size(); i++) {
                boolean last = i == chain.size() - 1;
                assertThat(chain.get(i).lasts()).isEqualTo(last);
                if (!last) {
                    assertThat(chain.get(i).until())
                            .isEqualTo(chain.get(i + 1).since())
                            .isAfterOrEqualTo(chain.get(i).since());
                    assertThat(chain.get(i).standing())
                            .isNotEqualTo(chain.get(i + 1).standing());
                }
            }
        }
        // Who is told of each change knows the same.
        assertThat(news.stream().filter(entry -> !entry.lasts()))
                .containsExactlyInAnyOrderElementsOf(watched.known().entries().stream()
                        .filter(entry -> !entry.lasts())
                        .toList());
    }

    @Provide
    Arbitrary<List<Sight>> sights() {
        return Combinators.combine(
                        Arbitraries.of(Part.class),
                        Arbitraries.of("A", "B", "C"),
                        Arbitraries.longs().between(-1_000, 1_000),
                        Arbitraries.longs().between(-1_000, 1_000))
                .as(Sight::new)
                .list()
                .ofMaxSize(60);
    }

    record Sight(Part part, String state, long since, long now) {}

    private void see(String state, long second) {
        track.see(Part.CONNECTION, new Observed(Standing.of(state), at(second), ""), "g", at(second), 3);
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }

    static String text(Entry entry) {
        String until = entry.until() == null
                ? ""
                : Duration.between(START, entry.until()).toSeconds() + " " + entry.end();
        return entry.standing().state() + " "
                + Duration.between(START, entry.since()).toSeconds() + "-" + until;
    }
}
