package dev.fleetgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineNameTests {

    @ParameterizedTest
    @CsvSource({
        "rover.abc.viam.cloud, rover.abc.local.viam.cloud",
        "rover.abc.viam.cloud, rover-abc-viam-cloud",
        "rover.abc.viam.cloud, rover-abc-local-viam-cloud",
        "rover.abc.local.viam.cloud, rover-abc-viam-cloud",
        "rover.abc.local.viam.cloud, rover-abc-local-viam-cloud",
        "rover-abc-viam-cloud, rover-abc-local-viam-cloud",
        "rover.lab.example, rover-lab-example",
        "ROVER.abc.viam.cloud, rover.abc.VIAM.cloud",
        "5f2b6c0e-77aa-4b1e-9c53-0a8d1f6f1b11, 5f2b6c0e-77aa-4b1e-9c53-0a8d1f6f1b11"
    })
    void theseAreNamesOfOneMachine(String one, String other) {
        assertThat(name(one).isOf(name(other))).isTrue();
        assertThat(name(other).isOf(name(one))).isTrue();
        assertThat(name(one).key()).isEqualTo(name(other).key());
    }

    @ParameterizedTest
    @CsvSource({
        "rover.abc.viam.cloud, rover2.abc.viam.cloud",
        "rover.abc.viam.cloud, abc.viam.cloud",
        "rover.abc.viam.cloud, rover.abc.viam.cloud.example",
        "rover.a-b.viam.cloud, rover-a.b.viam.cloud",
        "rover.lab.example, rover.lab.local.example",
        "rover.lab.example, lab.example"
    })
    void theseAreNot(String one, String other) {
        assertThat(name(one).isOf(name(other))).isFalse();
        assertThat(name(other).isOf(name(one))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                ".a",
                "a.",
                "a b",
                "a/b",
                "10.0.0.7",
                "a.7",
                "7",
                "::1",
                "rover:8080",
                "rövér",
                "a\\.b",
                "a\n"
            })
    void theseAreNoNames(String text) {
        assertThat(MachineName.parse(text)).isEmpty();
    }

    @Test
    void aNameHasAnEnd() {
        assertThat(MachineName.parse("a".repeat(253))).isPresent();
        assertThat(MachineName.parse("a".repeat(254))).isEmpty();
    }

    @Test
    void aCloudNameIsAskedForInAllItsForms() {
        assertThat(name("rover.abc.local.viam.cloud").forms())
                .containsExactly(
                        "rover.abc.viam.cloud",
                        "rover-abc-viam-cloud",
                        "rover.abc.local.viam.cloud",
                        "rover-abc-local-viam-cloud");
        assertThat(name("rover-abc-viam-cloud").forms())
                .containsExactly("rover-abc-viam-cloud", "rover-abc-local-viam-cloud");
        assertThat(name("rover.lab.example").forms()).containsExactly("rover.lab.example", "rover-lab-example");
        assertThat(name("rover").forms()).containsExactly("rover");
    }

    @Test
    void whatTheNetworkCannotCarryIsNotAskedFor() {
        String label = "a".repeat(40);
        assertThat(name(label + "." + label + ".viam.cloud").forms())
                .containsExactly(label + "." + label + ".viam.cloud", label + "." + label + ".local.viam.cloud");
    }

    @Property
    void whateverAnybodySaysIsANameOrNone(@ForAll String text) {
        MachineName.parse(text).ifPresent(name -> {
            assertThat(name.text()).matches("[a-z0-9._-]{1,253}").isEqualToIgnoringCase(text);
            assertThat(name.isOf(name)).isTrue();
            assertThat(name.forms()).hasSizeBetween(0, 4);
        });
    }

    @Property
    void everyFormOfANameIsOfIt(@ForAll("names") MachineName name) {
        assertThat(name.forms()).isNotEmpty().allSatisfy(form -> {
            assertThat(name(form).isOf(name)).isTrue();
            assertThat(name(form).key()).isEqualTo(name.key());
        });
    }

    @Property
    void twoNamesWithDotsAreOfOneMachineOnlyIfTheyDifferByLocal(
            @ForAll("names") MachineName one, @ForAll("names") MachineName other) {
        List<String> both = List.of(one.text(), other.text());
        boolean same = both.stream()
                        .map(name -> name.replaceAll("(\\.local)+\\.viam\\.cloud$", ".viam.cloud"))
                        .distinct()
                        .count()
                == 1;
        assertThat(one.isOf(other)).isEqualTo(same);
    }

    @Provide
    Arbitrary<MachineName> names() {
        Arbitrary<String> label = Arbitraries.of("a", "b", "a-b", "local", "rover", "0");
        Arbitrary<String> suffix = Arbitraries.of(".viam.cloud", ".local.viam.cloud", ".example");
        return Combinators.combine(label, label, suffix).as((one, two, end) -> name(one + "." + two + end));
    }

    private static MachineName name(String text) {
        return MachineName.parse(text).orElseThrow();
    }
}
