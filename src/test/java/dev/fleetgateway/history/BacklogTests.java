package dev.fleetgateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogTests {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final Backlog backlog = new Backlog(3);

    @Test
    void anEntryWaitsOnceAsItIsNow() {
        Entry lasts = lasting(1);
        backlog.put(lasts, NOW);
        Entry ended = lasts.ended(NOW, End.CHANGED);
        backlog.put(ended, NOW);

        assertThat(backlog.take(10)).containsExactly(ended);
        backlog.written(List.of(ended));
        assertThat(backlog.load().waiting()).isZero();
    }

    @Test
    void whatEndsWhileItIsBeingWrittenIsWrittenAgain() {
        Entry lasts = lasting(1);
        backlog.put(lasts, NOW);
        List<Entry> taken = backlog.take(10);
        Entry ended = lasts.ended(NOW, End.CHANGED);
        backlog.put(ended, NOW);
        backlog.written(taken);

        assertThat(backlog.take(10)).containsExactly(ended);
    }

    @Test
    void theOldestOfWhatHasEndedIsDroppedAndCounted() {
        backlog.put(lasting(1), NOW);
        for (int i = 2; i < 8; i++) {
            backlog.put(lasting(i).ended(NOW, End.CHANGED), NOW);
        }

        assertThat(backlog.take(10)).extracting(Entry::number).containsExactly(5L, 6L, 7L, 1L);
        assertThat(backlog.load().dropped()).isEqualTo(3);
    }

    @Test
    void aFloodOfOnePartDropsNothingOfAnother() {
        for (int i = 1; i < 4; i++) {
            backlog.put(lasting(i).ended(NOW, End.CHANGED), NOW);
        }
        for (int i = 4; i < 20; i++) {
            backlog.put(lasting(i, Part.LEASE).ended(NOW, End.CHANGED), NOW);
        }

        assertThat(backlog.take(10)).extracting(Entry::number).containsExactlyInAnyOrder(1L, 2L, 3L, 17L, 18L, 19L);
        assertThat(backlog.load().dropped()).isEqualTo(13);
    }

    @Test
    void theEndOfWhatTheStoreBelievesToLastIsNeverDropped() {
        Entry lasts = lasting(1);
        backlog.put(lasts, NOW);
        backlog.written(backlog.take(10));
        Entry ended = lasts.ended(NOW, End.CHANGED);
        backlog.put(ended, NOW);
        for (int i = 2; i < 20; i++) {
            backlog.put(lasting(i).ended(NOW, End.CHANGED), NOW);
        }

        assertThat(backlog.take(1)).containsExactly(ended);
        assertThat(backlog.of("r1")).hasSize(4);
    }

    @Test
    void whatIsRefusedForGoodIsCountedAsDropped() {
        backlog.put(lasting(1), NOW);
        backlog.refused(backlog.take(1).getFirst());

        assertThat(backlog.load()).isEqualTo(new Backlog.Load(0, null, 1, 0));
    }

    private static Entry lasting(long number) {
        return lasting(number, Part.CONNECTION);
    }

    private static Entry lasting(long number, Part part) {
        return new Entry("run", number, "r1", part, Standing.of("READY"), NOW, null, null, "", "g");
    }
}
