package dev.fleetgateway.trial;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a gateway says of a machine's sync, from one moment on.
 *
 * @param at when it was first heard, by {@link System#nanoTime}
 * @param since what the gateway says of when it began
 */
record Word(long at, String state, String confidence, String reason, Instant since, List<String> evidence) {

    Word {
        evidence = List.copyOf(evidence);
    }

    static Word of(long at, JsonNode sync) {
        return new Word(
                at,
                sync.path("state").asString(""),
                sync.path("confidence").asString(""),
                sync.path("reason").asString(""),
                Instant.parse(sync.path("since").asString("")),
                sync.path("evidence")
                        .valueStream()
                        .map(seen -> seen.path("source").asString("") + ": "
                                + seen.path("detail").asString(""))
                        .toList());
    }

    boolean is(String wanted) {
        return state.equals(wanted);
    }

    boolean saysTheSameAs(Word other) {
        return equals(new Word(at, other.state, other.confidence, other.reason, other.since, other.evidence));
    }
}
