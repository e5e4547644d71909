package dev.fleetgateway.door;

import dev.fleetgateway.history.Entry;
import dev.fleetgateway.history.Part;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a history ends, as it is handed out.
 *
 * @param fingerprint ties a token to the list it continues
 */
record HistoryToken(String fingerprint) {

    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]+)/(-?[0-9]{1,15})/([0-9]{1,18})/([0-9A-Za-z_-]{1,64})");

    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant BEYOND = Instant.parse("+10000-01-01T00:00:00Z");

    static HistoryToken of(String machine, @Nullable Part part, @Nullable Instant since, @Nullable Instant until) {
        return new HistoryToken(
                Integer.toHexString(Objects.hash(machine, part == null ? null : part.name(), since, until)));
    }

    /**
     * The place it names.
     *
     * @throws IllegalArgumentException with a sentence, where it was not made for this list
     */
    Entry.Place read(String token) {
        Matcher matcher = FORM.matcher(text(token));
        if (!matcher.matches() || !isWritable(Instant.ofEpochMilli(Long.parseLong(matcher.group(2))))) {
            throw new IllegalArgumentException("it was not handed out here");
        }
        if (!matcher.group(1).equals(fingerprint)) {
            throw new IllegalArgumentException("it belongs to a list with other parameters");
        }
        return new Entry.Place(
                Instant.ofEpochMilli(Long.parseLong(matcher.group(2))),
                Long.parseLong(matcher.group(3)),
                matcher.group(4));
    }

    /** Whether a moment can be written with a year of four digits, as RFC 3339 has it. Databases know no more of others than that. */
    static boolean isWritable(Instant moment) {
        return !moment.isBefore(FIRST) && moment.isBefore(BEYOND);
    }

    String write(Entry.Place place) {
        String text = fingerprint + "/" + place.since().toEpochMilli() + "/" + place.number() + "/" + place.run();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it was not handed out here", e);
        }
    }
}
