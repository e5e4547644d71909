package dev.fleetgateway.machine;

import dev.fleetgateway.problem.SettingsException;
import java.util.Map;
import java.util.regex.Pattern;

/** The form of labels, which is Kubernetes' own, so that its selectors fit. */
final class Labels {

    private static final Pattern PREFIX = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    private Labels() {}

    /** Refuses labels that no selector could name. */
    static void check(String key, Map<String, String> labels) {
        labels.forEach((label, value) -> {
            if (!isKey(label)) {
                throw new SettingsException(
                        key,
                        "has '" + label + "', which is no label key",
                        "Write [prefix/]name with at most 63 letters, digits, '-', '_' or '.' in the name.");
            }
            if (!isValue(value)) {
                throw new SettingsException(
                        key + "." + label,
                        "is '" + value + "', which is no label value",
                        "Write at most 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit.");
            }
        });
    }

    static boolean isKey(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? NAME.matcher(text).matches()
                : PREFIX.matcher(text.substring(0, slash)).matches()
                        && NAME.matcher(text.substring(slash + 1)).matches();
    }

    static boolean isValue(String text) {
        return text.isEmpty() || NAME.matcher(text).matches();
    }
}
