package dev.fleetgateway.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.time.FakeTime;
import dev.fleetgateway.uplink.Uplink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class FeedTests {

    private final FakeTime time = new FakeTime();
    private final FakeFleet fleet = new FakeFleet(time);

    @Example
    void howTheUplinkIsComesAfterTheSnapshotAndWhenItChanges() {
        Feed feed = new Feed(time, "e");
        feed.publish(uplink(Uplink.State.UP));
        Mirror mirror = new Mirror(feed, Selector.ALL);
        assertThat(mirror.takeOne()).isTrue();
        assertThat(mirror.uplinks).isEmpty();
        assertThat(mirror.takeOne()).isTrue();
        assertThat(mirror.uplinks).containsExactly(Uplink.State.UP);
        assertThat(mirror.takeOne()).isFalse();
        feed.publish(uplink(Uplink.State.DOWN));
        assertThat(mirror.takeOne()).isTrue();
        assertThat(mirror.uplinks).containsExactly(Uplink.State.UP, Uplink.State.DOWN);
    }

    private Uplink uplink(Uplink.State state) {
        return new Uplink(state, time.now(), "", List.of());
    }

    @Property(tries = 500)
    void whateverHappensAReaderThatAppliesTheFramesEndsWithTheFleetsPictures(
            @ForAll("steps") List<Step> steps, @ForAll("selectors") Selector chosen) {
        // So few removals are remembered that a reader that was away meets gaps too.
        Feed feed = new Feed(time, "e1", 3);
        fleet.listen(new Pictures(time, feed, "g", Duration.ofDays(1), _ -> Moving.NOTHING, _ -> FakeFleet.NOT_JUDGED));
        Mirror mirror = new Mirror(feed, chosen);
        for (Step step : steps) {
            switch (step.act) {
                case ADD -> {
                    fleet.remove(step.machine);
                    fleet.add(step.machine, Map.of("site", step.site));
                }
                case RELABEL -> fleet.add(step.machine, Map.of("site", step.site));
                case ANSWER -> {
                    if (fleet.connection(step.machine).isPresent()) {
                        fleet.answers(step.machine);
                    }
                }
                case LOSE -> {
                    if (fleet.connection(step.machine).isPresent()) {
                        fleet.loses(step.machine, "lost at " + time.nanos());
                    }
                }
                case REMOVE -> fleet.remove(step.machine);
                case PASS -> time.advance(Duration.ofMillis(50));
                case READ -> mirror.takeOne();
                case COME_BACK -> mirror.comeBack();
            }
        }
        mirror.catchUp(time);

        Map<String, MachinePicture> truth = new TreeMap<>();
        feed.pictures().stream()
                .map(Picture::machine)
                .filter(machine -> chosen.matches(machine.labels()))
                .forEach(machine -> truth.put(machine.name(), machine.steady()));
        assertThat(mirror.shown).isEqualTo(truth);
        mirror.close();
        time.advance(Duration.ofSeconds(1));
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Example
    void manyChangesOfAMachineInOneBeatAreOneChangeWithTheNewestPicture() {
        Feed feed = feedOf("r1");
        FeedReader reader = feed.open(Selector.ALL, new Cursor("e1", feed.head()), () -> {});
        for (int i = 0; i < 50; i++) {
            fleet.loses("r1", "no. " + i);
        }
        Frame.Changes changes = (Frame.Changes) next(reader);
        assertThat(changes.machines()).hasSize(1);
        assertThat(changes.machines().getFirst().machine().connection().reason())
                .isEqualTo("no. 49");
        assertThat(reader.poll()).isNull();
        reader.close();
    }

    @Example
    void aReaderGetsAtMostTenFramesASecond() {
        Feed feed = feedOf("r1");
        FeedReader reader = feed.open(Selector.ALL, new Cursor("e1", feed.head()), () -> {});
        int frames = 0;
        for (int millis = 0; millis < 2000; millis += 10) {
            fleet.loses("r1", "at " + millis);
            if (reader.poll() != null) {
                frames++;
            }
            time.advance(Duration.ofMillis(10));
        }
        assertThat(frames).isBetween(18, 21);
        reader.close();
    }

    @Example
    void aReaderIsWokenOnceForManyChangesAndNotAtAllForNone() {
        Feed feed = feedOf("r1");
        AtomicInteger woken = new AtomicInteger();
        FeedReader reader = feed.open(Selector.ALL, new Cursor("e1", feed.head()), woken::incrementAndGet);
        time.advance(Duration.ofSeconds(5));
        assertThat(woken).hasValue(0);
        for (int i = 0; i < 20; i++) {
            fleet.loses("r1", "no. " + i);
        }
        time.advance(Duration.ofSeconds(5));
        assertThat(woken).hasValue(1);
        reader.close();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Example
    void aSnapshotComesInPartsOfTwoHundredAndSaysWhichIsTheLast() {
        Feed feed = new Feed(time, "e1");
        fleet.listen(new Pictures(time, feed, "g", Duration.ofDays(1), _ -> Moving.NOTHING, _ -> FakeFleet.NOT_JUDGED));
        for (int i = 0; i < 450; i++) {
            fleet.add("r" + i, Map.of());
        }
        FeedReader reader = feed.open(Selector.ALL, null, () -> {});
        List<Integer> sizes = new ArrayList<>();
        Frame.Snapshot part;
        do {
            part = (Frame.Snapshot) next(reader);
            sizes.add(part.machines().size());
        } while (!part.last());
        assertThat(sizes).containsExactly(200, 200, 50);
        assertThat(reader.poll()).isNull();
    }

    @Example
    void anEmptyFleetIsASnapshotToo() {
        FeedReader reader = new Feed(time, "e1").open(Selector.ALL, null, () -> {});
        assertThat(reader.poll()).isEqualTo(new Frame.Snapshot("e1", 0, List.of(), true));
    }

    @Example
    void aCursorOfAnotherEpochOrFromTheFutureMeetsAGapAndThenASnapshot() {
        Feed feed = feedOf("r1");
        for (Cursor cursor : List.of(new Cursor("e0", 0), new Cursor("e1", feed.head() + 1))) {
            FeedReader reader = feed.open(Selector.ALL, cursor, () -> {});
            assertThat(reader.poll()).isEqualTo(new Frame.Gap("e1", feed.head()));
            assertThat(reader.poll()).isInstanceOf(Frame.Snapshot.class);
        }
        assertThat(feed.dropped()).isEqualTo(2);
    }

    @Example
    void whoWasAwayForMoreRemovalsThanAreRememberedMeetsAGap() {
        Feed feed = new Feed(time, "e1", 3);
        fleet.listen(new Pictures(time, feed, "g", Duration.ofDays(1), _ -> Moving.NOTHING, _ -> FakeFleet.NOT_JUDGED));
        fleet.add("r1", Map.of());
        Cursor before = new Cursor("e1", feed.head());
        for (int i = 0; i < 4; i++) {
            fleet.add("x" + i, Map.of());
            fleet.remove("x" + i);
        }
        assertThat(feed.open(Selector.ALL, before, () -> {}).poll()).isInstanceOf(Frame.Gap.class);
        Cursor justInTime = new Cursor("e1", feed.forgotten());
        assertThat(feed.open(Selector.ALL, justInTime, () -> {}).poll()).isInstanceOf(Frame.Removed.class);
    }

    @Example
    void underASelectorAMachineThatStopsMatchingIsRemovedAndOthersAreNotNamed() {
        Feed feed = feedOf("r1");
        fleet.add("r1", Map.of("site", "lab"));
        fleet.add("other", Map.of("site", "yard"));
        FeedReader reader = feed.open(Selector.parse("site=lab"), new Cursor("e1", feed.head()), () -> {});
        fleet.loses("other", "away");
        fleet.remove("other");
        fleet.add("r1", Map.of("site", "yard"));

        Frame.Removed removed = (Frame.Removed) next(reader);
        assertThat(removed.names()).containsExactly("r1");
        time.advance(Feed.BEAT);
        assertThat(reader.poll()).isNull();
    }

    @Example
    void aReaderThatDoesNotReadHoldsNothingBut() {
        Feed feed = feedOf("r1");
        FeedReader idle = feed.open(Selector.ALL, null, () -> {});
        for (int i = 0; i < 100_000; i++) {
            fleet.loses("r1", "no. " + i);
        }
        // One place in the feed for one machine, whatever happened to it and whoever did not read it.
        assertThat(feed.changesAfter(0)).hasSize(1);
        assertThat(feed.removalsAfter(0, Long.MAX_VALUE)).isEmpty();
        assertThat(((Frame.Snapshot) next(idle)).machines()).hasSize(1);
    }

    private Feed feedOf(String machine) {
        Feed feed = new Feed(time, "e1");
        fleet.listen(new Pictures(time, feed, "g", Duration.ofDays(1), _ -> Moving.NOTHING, _ -> FakeFleet.NOT_JUDGED));
        fleet.add(machine, Map.of());
        return feed;
    }

    private Frame next(FeedReader reader) {
        for (int i = 0; i < 100; i++) {
            Frame frame = reader.poll();
            if (frame != null) {
                return frame;
            }
            time.advance(Feed.BEAT);
        }
        throw new AssertionError("no frame");
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.of(Act.class), Arbitraries.of("a", "b", "c", "d"), Arbitraries.of("lab", "yard"))
                .as(Step::new);
        return step.list().ofMaxSize(80);
    }

    @Provide
    Arbitrary<Selector> selectors() {
        return Arbitraries.of("", "site=lab", "site!=lab", "nothing").map(Selector::parse);
    }

    enum Act {
        ADD,
        RELABEL,
        ANSWER,
        LOSE,
        REMOVE,
        PASS,
        READ,
        COME_BACK
    }

    record Step(Act act, String machine, String site) {}

    /** What a caller has who does with the frames what the contract says, and keeps his place only where it says so. */
    private static final class Mirror {

        private final Feed feed;
        private final Selector chosen;
        private FeedReader reader;
        private Map<String, MachinePicture> shown = new TreeMap<>();
        private Map<String, MachinePicture> arriving = new TreeMap<>();
        private @Nullable Cursor place;

        private final List<Uplink.State> uplinks = new ArrayList<>();

        Mirror(Feed feed, Selector chosen) {
            this.feed = feed;
            this.chosen = chosen;
            this.reader = feed.open(chosen, null, () -> {});
        }

        boolean takeOne() {
            Frame frame = reader.poll();
            if (frame == null) {
                return false;
            }
            switch (frame) {
                case Frame.Snapshot(var epoch, var seq, var machines, var last) -> {
                    machines.forEach(picture -> arriving.put(
                            picture.machine().name(), picture.machine().steady()));
                    if (last) {
                        shown = arriving;
                        arriving = new TreeMap<>();
                        place = new Cursor(epoch, seq);
                    }
                }
                case Frame.Changes(var epoch, var seq, var machines) -> {
                    machines.forEach(picture -> shown.put(
                            picture.machine().name(), picture.machine().steady()));
                    place = new Cursor(epoch, seq);
                }
                case Frame.Removed(var epoch, var seq, var names) -> {
                    names.forEach(shown::remove);
                    place = new Cursor(epoch, seq);
                }
                case Frame.Uplink(var _, var _, var told) -> uplinks.add(told.state());
                case Frame.Gap _ -> arriving = new TreeMap<>();
            }
            return true;
        }

        void comeBack() {
            close();
            arriving = new TreeMap<>();
            reader = feed.open(chosen, place, () -> {});
        }

        void catchUp(FakeTime time) {
            for (int quiet = 0; quiet < 3; ) {
                quiet = takeOne() ? 0 : quiet + 1;
                time.advance(Feed.BEAT);
            }
        }

        void close() {
            reader.close();
        }
    }
}
