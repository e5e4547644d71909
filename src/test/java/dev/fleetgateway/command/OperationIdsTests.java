package dev.fleetgateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OperationIdsTests {

    @Test
    void noTwoAreEqual() {
        OperationIds ids = new OperationIds();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            assertThat(seen.add(ids.next())).isTrue();
        }
    }

    @Test
    void anotherLifeHasOthers() {
        assertThat(UUID.fromString(new OperationIds().next()).getMostSignificantBits())
                .isNotEqualTo(UUID.fromString(new OperationIds().next()).getMostSignificantBits());
    }

    @Test
    void aMachineCanReadThem() {
        UUID id = UUID.fromString(new OperationIds().next());

        assertThat(id.version()).isEqualTo(4);
        assertThat(id.variant()).isEqualTo(2);
    }
}
