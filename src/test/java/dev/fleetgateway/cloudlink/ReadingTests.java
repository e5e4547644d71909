package dev.fleetgateway.cloudlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.connection.MachineReport.Configuration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadingTests {

    private static final Instant BUILT = Instant.parse("2030-01-01T00:00:00Z");

    private static @Nullable Reading read(@Nullable Instant updated, @Nullable Instant built, int losses) {
        return Reading.of(
                new MachineReport(
                        BUILT,
                        Duration.ofMillis(1),
                        MachineReport.Lifecycle.RUNNING,
                        "",
                        List.of(),
                        BUILT,
                        new Configuration(updated, "r1", built, "", BUILT, 0),
                        "p-1",
                        null),
                losses);
    }

    private static Reading some(Instant updated, @Nullable Instant built, int losses) {
        return Objects.requireNonNull(read(updated, built, losses));
    }

    @Test
    void whatWasReadWithinASecondOfTheStartHasNotMovedSince() {
        assertThat(some(BUILT.plusMillis(4), BUILT, 0).movedBefore()).isFalse();
        assertThat(some(BUILT.plusSeconds(2), BUILT, 0).movedBefore()).isTrue();
        assertThat(some(BUILT.minusSeconds(3600), BUILT, 0).movedBefore()).isTrue();
    }

    @Test
    void whereAMachineDoesNotSayWhenItWasBuiltItMayHaveMoved() {
        assertThat(some(BUILT, null, 0).movedBefore()).isTrue();
    }

    @Test
    void aStartIsAnotherLifeAndALostConnectionIsNoneWhereTheMachineTellsThem() {
        assertThat(some(BUILT, BUILT, 1).life()).isEqualTo(some(BUILT, BUILT, 0).life());
        assertThat(some(BUILT, BUILT.plusSeconds(60), 0).life())
                .isNotEqualTo(some(BUILT, BUILT, 0).life());
        assertThat(some(BUILT, null, 1).life())
                .isNotEqualTo(some(BUILT, null, 0).life());
    }

    @Test
    void aMachineThatDoesNotTellHasNoReading() {
        assertThat(read(null, BUILT, 0)).isNull();
    }
}
