package dev.fleetgateway.door;

import dev.fleetgateway.status.Picture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list of machines.
 *
 * @param next names the page after this one, null where this is the last
 * @param total how many machines the filter shows on all pages
 */
record MachinePage(List<Picture> machines, @Nullable String next, int total) {

    /**
     * Cuts a page out of pictures ordered by name. Pages are cut by name, not by number, so that machines that come and go
     * neither hide others nor show them twice.
     */
    static MachinePage of(Iterable<Picture> ordered, MachineFilter filter, int size, @Nullable String after) {
        List<Picture> page = new ArrayList<>();
        int total = 0;
        boolean more = false;
        for (Picture picture : ordered) {
            if (!filter.shows(picture.machine())) {
                continue;
            }
            total++;
            if (after != null && picture.machine().name().compareTo(after) <= 0) {
                continue;
            }
            if (page.size() < size) {
                page.add(picture);
            } else {
                more = true;
            }
        }
        String next = more ? token(filter, page.getLast().machine().name()) : null;
        return new MachinePage(List.copyOf(page), next, total);
    }

    /**
     * The name after which a page begins.
     *
     * @throws IllegalArgumentException with a sentence, where the token was not made for this filter
     */
    static String after(String token, MachineFilter filter) {
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it was not handed out here", e);
        }
        String prefix = filter.fingerprint() + "/";
        if (!text.startsWith(prefix)) {
            throw new IllegalArgumentException("it belongs to a list with other parameters");
        }
        return text.substring(prefix.length());
    }

    /** Changes when anything shown on the page does. */
    String etag(String epoch) {
        int hash = Objects.hash(next, total);
        long changes = 0;
        for (Picture picture : machines) {
            hash = 31 * hash + picture.machine().name().hashCode();
            changes = 1_000_003 * changes + picture.seq();
        }
        return "W/\"" + epoch + "-" + Integer.toHexString(hash) + "-" + Long.toHexString(changes) + "\"";
    }

    byte[] json() {
        return new Json.Pieces()
                .raw("{\"machines\":")
                .array(machines.stream().map(Picture::json).toList())
                .raw(",\"nextPageToken\":")
                .raw(next == null ? "null" : Json.text(next))
                .raw(",\"total\":" + total + "}")
                .done();
    }

    private static String token(MachineFilter filter, String name) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((filter.fingerprint() + "/" + name).getBytes(StandardCharsets.UTF_8));
    }
}
