package dev.fleetgateway.access;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a web page came from, or where a request went to, with the default port filled in, so that two spellings compare equal.
 *
 * @param host lower case; an IPv6 address keeps its brackets
 */
record WebOrigin(String scheme, String host, int port) {

    private static final Pattern ORIGIN = Pattern.compile("(?i)(https?)://([^/]*)");
    private static final Pattern AUTHORITY = Pattern.compile("([A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");

    /** What an {@code Origin} header says; empty for {@code null} and everything that is no http origin. */
    static Optional<WebOrigin> parse(String origin) {
        Matcher matcher = ORIGIN.matcher(origin);
        return matcher.matches() ? of(matcher.group(1), matcher.group(2)) : Optional.empty();
    }

    /** The origin of pages served at a {@code Host} header's value; empty where that is malformed. */
    static Optional<WebOrigin> of(String scheme, String authority) {
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String lowerScheme = scheme.toLowerCase(Locale.ROOT);
        String given = matcher.group(2);
        int port = given != null ? Integer.parseInt(given) : lowerScheme.equals("https") ? 443 : 80;
        return port < 1 || port > 65_535
                ? Optional.empty()
                : Optional.of(new WebOrigin(lowerScheme, matcher.group(1).toLowerCase(Locale.ROOT), port));
    }
}
