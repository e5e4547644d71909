package dev.fleetgateway.discovery;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A name under which a machine may announce itself. In the cloud's domain one machine has two, the second with {@code .local}
 * before it, and it announces each with its dots and with dashes in their place.
 *
 * @param text lower case, 1 to 253 of letters, digits, {@code -}, {@code _} and {@code .}; no IP address
 */
record MachineName(String text) {

    private static final int LONGEST = 253;
    private static final int LONGEST_LABEL = 63;
    private static final Pattern LABELS = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
    private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(.*\\.)?[0-9]+");

    private static final String CLOUD = ".viam.cloud";
    private static final String LOCAL = ".local.viam.cloud";

    /** Reads what may come from anybody; empty where it is no such name. */
    static Optional<MachineName> parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return LABELS.matcher(lower).matches()
                        && !ENDS_IN_A_NUMBER.matcher(lower).matches()
                ? Optional.of(new MachineName(lower))
                : Optional.empty();
    }

    /** Equal for all names of one machine. Names of two machines are rarely equal by it: {@code a.b-c} and {@code a-b.c}. */
    String key() {
        return global(dashed(text), dashed(LOCAL), dashed(CLOUD));
    }

    /** Whether both may be names of one machine; dashes do not tell where the dots were, so where there are dots they count. */
    boolean isOf(MachineName other) {
        return key().equals(other.key()) && (!dotted() || !other.dotted() || global().equals(other.global()));
    }

    /** All the names under which that machine may announce itself, as far as this one tells. */
    List<String> forms() {
        String global = dotted() ? global() : key();
        String cloud = dotted() ? CLOUD : dashed(CLOUD);
        Stream<String> both = global.endsWith(cloud)
                ? Stream.of(
                        global,
                        global.substring(0, global.length() - cloud.length()) + (dotted() ? LOCAL : dashed(LOCAL)))
                : Stream.of(text);
        return both.flatMap(name -> Stream.of(name, dashed(name)))
                .distinct()
                .filter(MachineName::fits)
                .toList();
    }

    private boolean dotted() {
        return text.indexOf('.') >= 0;
    }

    private String global() {
        return global(text, LOCAL, CLOUD);
    }

    private static String global(String text, String local, String cloud) {
        String global = text;
        // More than once in nobody's name, but so that all forms of what is said have one key.
        while (global.endsWith(local)) {
            global = global.substring(0, global.length() - local.length()) + cloud;
        }
        return global;
    }

    private static String dashed(String text) {
        return text.replace('.', '-');
    }

    private static boolean fits(String name) {
        return name.length() <= LONGEST
                && Stream.of(name.split("\\.", -1)).allMatch(label -> label.length() <= LONGEST_LABEL);
    }
}
