package dev.fleetgateway.status;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a reader is in the feed. */
public record Cursor(String epoch, long seq) {

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]{1,64}):([0-9]{1,18})");

    /**
     * Reads {@code <epoch>:<seq>}.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static Cursor parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a place in the feed: write <epoch>:<seq> as it was received");
        }
        return new Cursor(matcher.group(1), Long.parseLong(matcher.group(2)));
    }

    /** The form {@link #parse} reads. */
    @Override
    public String toString() {
        return epoch + ":" + seq;
    }
}
