package dev.fleetgateway.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fleetgateway.machine.Selector.Relation;
import dev.fleetgateway.machine.Selector.Requirement;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SelectorTests {

    private static final Map<String, String> ROVER = Map.of("site", "lab", "kind", "rover", "example.com/rack", "7");

    @Example
    void everyFormIsUnderstood() {
        for (String matching : List.of(
                "",
                "  ",
                "site=lab",
                "site==lab",
                " site = lab , kind = rover ",
                "site!=yard",
                "floor!=2",
                "kind in (arm, rover)",
                "kind notin (arm)",
                "floor notin (1,2)",
                "site",
                "!floor",
                "example.com/rack=7",
                "site=lab,kind in (rover),!floor")) {
            assertThat(Selector.parse(matching).matches(ROVER)).as(matching).isTrue();
        }
        for (String other : List.of(
                "site=yard",
                "site!=lab",
                "floor=2",
                "floor",
                "!site",
                "kind in (arm)",
                "floor in (1)",
                "kind notin (rover)",
                "site=",
                "site=lab,kind=arm")) {
            assertThat(Selector.parse(other).matches(ROVER)).as(other).isFalse();
        }
    }

    @Example
    void anEmptyValueIsAValue() {
        assertThat(Selector.parse("note=").matches(Map.of("note", ""))).isTrue();
        assertThat(Selector.parse("note in (,x)").matches(Map.of("note", ""))).isTrue();
    }

    @Example
    void whatIsWrongIsSaidWithTheTextAndThePlace() {
        assertThatThrownBy(() -> Selector.parse("site=lab,,kind"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'site=lab,,kind' is not a selector: expected a label's key at character 10");
        for (String bad : List.of(
                "=x",
                "site=lab kind=rover",
                "a in",
                "a in ()b",
                "a in (x",
                "a in x",
                "a like (x)",
                "-a",
                "a=-",
                "!",
                ",",
                "a=b=c",
                "a(b)",
                "a=b,")) {
            assertThatThrownBy(() -> Selector.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Selector.parse("a".repeat(5000))).hasMessageContaining("too long");
    }

    @Property
    void whatIsPrintedIsReadBackTheSame(@ForAll("selectors") Selector selector) {
        assertThat(Selector.parse(selector.toString())).isEqualTo(selector);
    }

    @Property
    void aSelectorMatchesWhatEachOfItsRequirementsMatches(
            @ForAll("selectors") Selector selector, @ForAll("labels") Map<String, String> labels) {
        boolean each = selector.requirements().stream()
                .allMatch(requirement -> new Selector(List.of(requirement)).matches(labels));
        assertThat(selector.matches(labels)).isEqualTo(each);
    }

    @Property
    void inAndNotInAreOpposites(@ForAll("requirements") Requirement any, @ForAll("labels") Map<String, String> labels) {
        Requirement in = new Requirement(any.key(), Relation.IN, any.values());
        Requirement notIn = new Requirement(any.key(), Relation.NOT_IN, any.values());
        assertThat(new Selector(List.of(in)).matches(labels))
                .isNotEqualTo(new Selector(List.of(notIn)).matches(labels));
    }

    @Property
    void anyTextIsReadOrRefusedWithASentence(@ForAll String text) {
        try {
            assertThat(Selector.parse(text)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("selector");
        }
    }

    @Provide
    Arbitrary<Selector> selectors() {
        return requirements().list().ofMaxSize(5).map(Selector::new);
    }

    @Provide
    Arbitrary<Requirement> requirements() {
        Arbitrary<List<String>> values =
                Arbitraries.of("a", "b", "x.y", "").list().ofMinSize(1).ofMaxSize(3);
        return Combinators.combine(
                        Arbitraries.of("k", "in", "notin", "e.com/k", "K_1"), Arbitraries.of(Relation.class), values)
                .as((key, relation, list) -> new Requirement(
                        key, relation, relation == Relation.IN || relation == Relation.NOT_IN ? list : List.of()));
    }

    @Provide
    Arbitrary<Map<String, String>> labels() {
        return Arbitraries.maps(Arbitraries.of("k", "in", "e.com/k", "K_1"), Arbitraries.of("a", "b", "x.y", ""));
    }
}
