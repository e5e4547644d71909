package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.lease.LeaseView;
import dev.fleetgateway.lease.Protection;
import dev.fleetgateway.status.FakeFleet;
import dev.fleetgateway.status.Pictures;
import dev.fleetgateway.status.StatusForTests;
import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** History over a store that does what a test says; what databases do is in the tests of the stores. */
class HistoryTests {

    private final FakeTime time = new FakeTime();
    private final FakeFleet fleet = new FakeFleet(time);
    private final Map<String, LeaseView> leases = new ConcurrentHashMap<>();
    private final Pictures pictures = StatusForTests.pictures(time, "run", fleet, leases);
    private final FakeStore store = new FakeStore();
    private final History history =
            new History(time, new Run("run", "gateway-0", time.now()), Duration.ofDays(30), store);

    @BeforeEach
    void aMachine() {
        fleet.add("r1", Map.of());
    }

    @AfterEach
    void stop() {
        store.mend();
        history.stop();
    }

    @Test
    void anOutageReadsAsWhatHappened() {
        history.start(pictures);
        time.advance(Duration.ofSeconds(1));
        fleet.answers("r1");
        time.advance(Duration.ofSeconds(10));
        fleet.loses("r1", "cable pulled");
        time.advance(Duration.ofSeconds(20));
        fleet.answers("r1");

        assertThat(texts(Part.CONNECTION))
                .containsExactly(
                        "READY 31-", "TRANSIENT_FAILURE 11-31 CHANGED", "READY 1-11 CHANGED", "CONNECTING 0-1 CHANGED");
        assertThat(texts(Part.ROUTE))
                .containsExactly("LAN 31-", "NONE 11-31 CHANGED", "LAN 1-11 CHANGED", "NONE 0-1 CHANGED");
        assertThat(page(Part.CONNECTION).entries().get(1).reason()).isEqualTo("cable pulled");
        assertThat(texts(Part.LIFECYCLE))
                .containsExactly("RUNNING 31-", "UNKNOWN 11-31 CHANGED", "RUNNING 1-11 CHANGED", "UNKNOWN 0-1 CHANGED");
        assertThat(texts(Part.SYNC)).hasSize(1);
        assertThat(texts(Part.LEASE)).containsExactly("FREE 0-");
    }

    @Test
    void whoHeldTheLeaseAndHowItWasProtectedIsWrittenDown() {
        history.start(pictures);
        hold("alice", 1, Protection.ACTIVE);
        time.advance(Duration.ofSeconds(2));
        hold("alice", 1, Protection.STOPPED);
        time.advance(Duration.ofSeconds(2));
        leases.clear();
        pictures.changed("r1");

        assertThat(page(Part.LEASE).entries().stream()
                        .map(entry ->
                                TrackTests.text(entry) + " " + entry.standing().holder() + " "
                                        + entry.standing().protection()))
                .containsExactly(
                        "FREE 4- null null",
                        "HELD 2-4 CHANGED alice STOPPED",
                        "HELD 0-2 CHANGED alice ACTIVE",
                        "FREE 0-0 CHANGED null null");
    }

    @Test
    void aLeaseThatIsForCallsAloneIsNotWrittenDown() {
        history.start(pictures);
        for (int call = 1; call <= 3; call++) {
            time.advance(Duration.ofSeconds(1));
            hold("alice", call, Protection.ACTIVE, true);
            leases.clear();
            pictures.changed("r1");
        }
        assertThat(texts(Part.LEASE)).containsExactly("FREE 0-");

        hold("alice", 4, Protection.ACTIVE);
        time.advance(Duration.ofSeconds(1));
        hold("bob", 5, Protection.ACTIVE, true);
        assertThat(texts(Part.LEASE)).containsExactly("FREE 4-", "HELD 3-4 CHANGED", "FREE 0-3 CHANGED");
    }

    @Test
    void whatWasThereBeforeTheHistoryBeganIsInItToo() {
        fleet.answers("r1");
        history.start(pictures);

        assertThat(texts(Part.CONNECTION)).containsExactly("READY 0-");
    }

    @Test
    void everythingIsInTheStoreWithinMomentsAndAnEndIsWrittenInOrder() {
        history.start(pictures);
        fleet.answers("r1");
        await().untilAsserted(() -> assertThat(history.storage().state()).isEqualTo(Storage.State.KEPT));
        await().untilAsserted(() -> assertThat(history.storage().waiting()).isZero());
        assertThat(store.entries).hasSize(8);

        time.advance(Writer.BEAT);
        await().untilAsserted(() -> assertThat(store.through).isEqualTo(time.now()));

        fleet.loses("r1", "unplugged");
        history.stop();
        assertThat(store.ended).isEqualTo(time.now());
        assertThat(store.entries.values()).anyMatch(entry -> entry.reason().equals("unplugged"));
        assertThat(store.closed).isTrue();
        // What the gateway does in its own end did not happen to machines.
        fleet.loses("r1", "the gateway stops");
        assertThat(texts(Part.CONNECTION)).hasSize(3);
    }

    @Test
    void aStoreThatIsAwayDelaysNothingAndGetsAllWhenItComesBack() {
        store.refuse("no route to it");
        history.start(pictures);
        fleet.answers("r1");
        await().untilAsserted(() -> assertThat(history.storage().reason()).contains("no route to it"));
        fleet.loses("r1", "unplugged");

        HistoryPage page = page(Part.CONNECTION);
        assertThat(page.storage().state()).isEqualTo(Storage.State.UNAVAILABLE);
        assertThat(page.storage().waiting()).isGreaterThan(5);
        assertThat(page.entries()).hasSize(3);

        store.mend();
        time.advance(Duration.ofMinutes(2));
        await().untilAsserted(() -> assertThat(history.storage().state()).isEqualTo(Storage.State.KEPT));
        await().untilAsserted(() -> assertThat(history.storage().waiting()).isZero());
        assertThat(store.entries.values()).anyMatch(entry -> entry.reason().equals("unplugged"));
    }

    @Test
    void aStoreThatDiesLaterIsToldAndTriedAgainWithPausesThatGrow() {
        history.start(pictures);
        await().untilAsserted(() -> assertThat(history.storage().state()).isEqualTo(Storage.State.KEPT));
        store.refuse("no space left on device");
        time.advance(Duration.ofSeconds(1));
        fleet.answers("r1");
        await().untilAsserted(() -> assertThat(history.storage())
                .extracting(Storage::state, Storage::since)
                .containsExactly(Storage.State.UNAVAILABLE, time.now()));

        int tries = store.tries.get();
        for (int i = 0; i < 600; i++) {
            time.advance(Duration.ofSeconds(1));
        }
        // The writer is on a thread of its own: it may take fewer tries than there are seconds, and never one a second.
        assertThat(store.tries.get() - tries).isLessThan(30);
        assertThat(history.storage().reason()).contains("no space left on device");
    }

    @Test
    void aStoreThatHangsDelaysNobodyAndIsSaidToBeBehind() {
        history.start(pictures);
        await().untilAsserted(() -> assertThat(history.storage().state()).isEqualTo(Storage.State.KEPT));
        await().untilAsserted(() -> assertThat(history.storage().waiting()).isZero());
        store.hang();
        fleet.answers("r1");
        time.advance(Duration.ofSeconds(6));

        assertThat(history.storage().state()).isEqualTo(Storage.State.BEHIND);
        HistoryPage page = page(Part.CONNECTION);
        assertThat(page.entries()).hasSize(2);
        assertThat(page.storage().state()).isEqualTo(Storage.State.UNAVAILABLE);
        assertThat(page.storage().reason()).contains("did not answer within 2 s");
        // Who asks next does not wait at all.
        assertThat(page(Part.CONNECTION).storage().reason()).contains("did not answer lately");
    }

    @Test
    void muchThatIsWrittenIsReasonEnoughToTakeOut() {
        history.start(pictures);
        for (int i = 0; i < 10_000; i++) {
            fleet.answers("r1");
            fleet.loses("r1", "again");
            if (i % 1_000 == 0) {
                await().untilAsserted(
                                () -> assertThat(history.storage().waiting()).isZero());
            }
        }
        await().untilAsserted(() -> assertThat(store.purges.get()).isPositive());
    }

    @Test
    void anEntryThatTheStoreCannotHoldKeepsNoOtherBack() {
        store.cannotHold("r1");
        history.start(pictures);
        fleet.add("r2", Map.of());
        fleet.answers("r2");
        fleet.answers("r1");

        await().untilAsserted(() -> assertThat(history.storage().waiting()).isZero());
        assertThat(store.entries.values()).extracting(Entry::machine).containsOnly("r2");
        assertThat(history.storage().dropped()).isGreaterThanOrEqualTo(5);
        assertThat(history.storage().state()).isEqualTo(Storage.State.KEPT);
    }

    @Test
    void pagesAreCutWhereMemoryEndsAndTheStoreGoesOn() {
        history.start(pictures);
        for (int i = 0; i < 1_200; i++) {
            time.advance(Duration.ofSeconds(1));
            fleet.answers("r1");
            time.advance(Duration.ofSeconds(1));
            fleet.loses("r1", "again " + i);
        }
        await().untilAsserted(() -> assertThat(history.storage().waiting()).isZero());

        int found = 0;
        Entry.Place before = null;
        do {
            HistoryPage page = history.page("r1", new HistoryQuery(Part.CONNECTION, null, null, before, 700));
            assertThat(page.entries()).isSortedAccordingTo(Entry.NEWEST_FIRST);
            found += page.entries().size();
            before = page.next();
        } while (before != null);
        assertThat(found).isEqualTo(2_401);
    }

    @Test
    void withoutAStoreMemoryIsAllAndIsBounded() {
        History forgetful = new History(time, new Run("run", "gateway-0", time.now()), Duration.ofDays(30), null);
        forgetful.start(pictures);
        for (int i = 0; i < 600; i++) {
            time.advance(Duration.ofSeconds(1));
            fleet.answers("r1");
            fleet.loses("r1", "again " + i);
        }

        HistoryPage page = forgetful.page("r1", new HistoryQuery(null, null, null, null, 5_000));
        // Connection, route and lifecycle changed twice each time, the others never.
        assertThat(page.entries()).hasSize(3 * Recorder.MOST_OF_PART + Part.values().length);
        assertThat(page.next()).isNull();
        assertThat(page.storage().state()).isEqualTo(Storage.State.NOT_KEPT);
        assertThat(page.storage().reason()).contains("gateway.history.path", "spring.datasource.url");

        time.advance(Duration.ofDays(31));
        assertThat(forgetful
                        .page("r1", new HistoryQuery(null, null, null, null, 5_000))
                        .entries())
                .hasSize(Part.values().length);
        forgetful.stop();
        history.start(pictures);
    }

    private void hold(String holder, long sequence, Protection protection) {
        hold(holder, sequence, protection, false);
    }

    private void hold(String holder, long sequence, Protection protection, boolean implicit) {
        leases.put(
                "r1",
                new LeaseView(
                        holder,
                        sequence,
                        time.now().minusSeconds(protection == Protection.ACTIVE ? 0 : 2),
                        time.now(),
                        protection,
                        implicit));
        pictures.changed("r1");
    }

    private HistoryPage page(Part part) {
        return history.page("r1", new HistoryQuery(part, null, null, null, 100));
    }

    private List<String> texts(Part part) {
        return page(part).entries().stream().map(TrackTests::text).toList();
    }
}
