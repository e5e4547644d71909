package dev.fleetgateway.machine;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses machines by their labels, in the language of Kubernetes label selectors: {@code site=lab,kind in (rover,arm),!spare}.
 * Requirements are joined by "and"; none at all is every machine.
 *
 * @param requirements all of which must hold
 */
public record Selector(List<Requirement> requirements) {

    /** Chooses every machine. */
    public static final Selector ALL = new Selector(List.of());

    /** Copies the list, so that a selector never changes. */
    public Selector {
        requirements = List.copyOf(requirements);
    }

    /**
     * Reads a selector: {@code key=value}, {@code key==value}, {@code key!=value}, {@code key in (a,b)},
     * {@code key notin (a,b)}, {@code key}, {@code !key}, joined by commas. The empty text is {@link #ALL}.
     *
     * @throws IllegalArgumentException with a sentence for people that quotes the text and says where it is wrong
     */
    public static Selector parse(String text) {
        return new SelectorParser(text).parse();
    }

    /** Whether a machine with these labels is chosen. */
    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.holds(labels.get(requirement.key()))) {
                return false;
            }
        }
        return true;
    }

    /** The selector in its shortest form, which {@link #parse} reads back to an equal one. */
    @Override
    public String toString() {
        return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }

    /** What is asked of the value of one label. */
    public enum Relation {
        /** Is one of the values. */
        IN,
        /** Is none of the values, or the label is not there. */
        NOT_IN,
        /** The label is there. */
        EXISTS,
        /** The label is not there. */
        ABSENT
    }

    /**
     * One requirement.
     *
     * @param values sorted and without doubles; empty for {@code EXISTS} and {@code ABSENT}
     */
    public record Requirement(String key, Relation relation, List<String> values) {

        /** Sorts the values, so that equal requirements are equal records. */
        public Requirement {
            values = List.copyOf(new TreeSet<>(values));
        }

        boolean holds(@Nullable String value) {
            return switch (relation) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case ABSENT -> value == null;
            };
        }

        /** The requirement as it is written in a selector. */
        @Override
        public String toString() {
            return switch (relation) {
                case EXISTS -> key;
                case ABSENT -> "!" + key;
                case IN -> values.size() == 1 ? key + "=" + values.getFirst() : key + " in " + list();
                case NOT_IN -> values.size() == 1 ? key + "!=" + values.getFirst() : key + " notin " + list();
            };
        }

        private String list() {
            return values.stream().collect(Collectors.joining(",", "(", ")"));
        }
    }
}
