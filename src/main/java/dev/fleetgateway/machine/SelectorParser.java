package dev.fleetgateway.machine;

import dev.fleetgateway.machine.Selector.Relation;
import dev.fleetgateway.machine.Selector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads one selector from left to right. Used once. */
final class SelectorParser {

    /** A selector comes from callers: what is longer than any sensible one is not worth reading. */
    private static final int MAX_LENGTH = 4096;

    private static final Pattern KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    private final String text;
    private int at;

    SelectorParser(String text) {
        this.text = text;
    }

    Selector parse() {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("A selector of %d characters is too long: at most %d are read"
                    .formatted(text.length(), MAX_LENGTH));
        }
        skipSpace();
        if (end()) {
            return Selector.ALL;
        }
        List<Requirement> requirements = new ArrayList<>();
        requirements.add(requirement());
        while (!end()) {
            expect(',', "a comma between requirements");
            requirements.add(requirement());
        }
        return new Selector(requirements);
    }

    private Requirement requirement() {
        if (accept("!")) {
            return new Requirement(key(), Relation.ABSENT, List.of());
        }
        String key = key();
        if (accept("!=")) {
            return new Requirement(key, Relation.NOT_IN, List.of(value()));
        }
        if (accept("==") || accept("=")) {
            return new Requirement(key, Relation.IN, List.of(value()));
        }
        if (end() || text.charAt(at) == ',') {
            return new Requirement(key, Relation.EXISTS, List.of());
        }
        int start = at;
        return switch (word()) {
            case "in" -> new Requirement(key, Relation.IN, values());
            case "notin" -> new Requirement(key, Relation.NOT_IN, values());
            default -> throw wrong(start, "expected =, ==, !=, in or notin after the key '" + key + "'");
        };
    }

    private List<String> values() {
        expect('(', "a list of values in parentheses");
        List<String> values = new ArrayList<>();
        values.add(value());
        while (accept(",")) {
            values.add(value());
        }
        expect(')', "a closing parenthesis");
        return values;
    }

    private String key() {
        skipSpace();
        int start = at;
        String word = word();
        if (!KEY.matcher(word).matches()) {
            throw wrong(start, word.isEmpty() ? "expected a label's key" : "'" + word + "' is not a label's key");
        }
        return word;
    }

    private String value() {
        skipSpace();
        int start = at;
        String word = word();
        if (!VALUE.matcher(word).matches()) {
            throw wrong(start, "'" + word + "' is not a label's value");
        }
        return word;
    }

    private String word() {
        skipSpace();
        int start = at;
        while (!end() && " \t\r\n,()=!".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        skipSpace();
        return word;
    }

    private boolean accept(String symbol) {
        skipSpace();
        if (!text.startsWith(symbol, at)) {
            return false;
        }
        at += symbol.length();
        return true;
    }

    private void expect(char symbol, String what) {
        skipSpace();
        if (end() || text.charAt(at) != symbol) {
            throw wrong(at, "expected " + what);
        }
        at++;
        skipSpace();
    }

    private void skipSpace() {
        while (!end() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean end() {
        return at >= text.length();
    }

    private IllegalArgumentException wrong(int position, String what) {
        return new IllegalArgumentException(
                "'%s' is not a selector: %s at character %d".formatted(text, what, position + 1));
    }
}
