package dev.fleetgateway.connection;

import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.Way;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every way to one machine that is known, and what became of it, over all searches. As bounded as the list of ways is. Confined to the
 * context of its connection.
 */
final class CandidateBook {

    private final Map<String, Candidate> entries = new LinkedHashMap<>();

    /** The ways as they are now. What became of one that was there before is kept. */
    void renew(List<Way> ways) {
        Map<String, Candidate> before = new LinkedHashMap<>(entries);
        entries.clear();
        for (Way way : ways) {
            Candidate now = way.candidate();
            Candidate known = before.remove(now.key());
            entries.put(now.key(), known == null || way instanceof Way.Barred ? now : kept(known, now));
        }
        // What is open stays, though nobody would find it now.
        before.values().stream()
                .filter(each -> each.state() == Candidate.State.IN_USE || each.state() == Candidate.State.STANDBY)
                .forEach(each -> entries.put(each.key(), each));
    }

    private static Candidate kept(Candidate known, Candidate now) {
        return switch (known.state()) {
            case IN_USE, STANDBY, TRYING -> known;
            case FAILED ->
                new Candidate(
                        now.kind(),
                        now.via(),
                        now.transport(),
                        now.address(),
                        known.state(),
                        known.reason(),
                        known.triedAt());
            case UNTRIED, EXCLUDED ->
                new Candidate(
                        now.kind(),
                        now.via(),
                        now.transport(),
                        now.address(),
                        now.state(),
                        now.reason(),
                        known.triedAt());
        };
    }

    /** What became of one of them. */
    void put(Candidate candidate) {
        entries.replace(candidate.key(), candidate);
    }

    /** One that is given up; nothing where it is not known any more. */
    void become(String key, Candidate.State state, String reason) {
        entries.computeIfPresent(key, (_, each) -> each.as(state, reason));
    }

    /** One that is open, with the way it takes, which may be another than its address told. */
    void open(String key, Candidate.State state, Route route) {
        become(key, state, route.reason());
        seen(key, route);
    }

    /** The way that one which is open takes now. */
    void seen(String key, Route route) {
        entries.computeIfPresent(
                key,
                (_, each) -> each.state() == Candidate.State.IN_USE || each.state() == Candidate.State.STANDBY
                        ? new Candidate(
                                route.kind(),
                                each.via(),
                                each.transport(),
                                each.address(),
                                each.state(),
                                route.reason(),
                                each.triedAt())
                        : each);
    }

    /** No search is under way any more, and nothing is open. */
    void left() {
        entries.replaceAll((_, each) -> switch (each.state()) {
            case IN_USE -> each.as(Candidate.State.FAILED, "it carried until the connection ended");
            case TRYING -> each.as(Candidate.State.UNTRIED, "the search ended before it answered");
            case STANDBY -> each.as(Candidate.State.UNTRIED, "it was open beside the one that carried");
            case UNTRIED, FAILED, EXCLUDED -> each;
        });
    }

    /** Whether there is another that may be dialed. */
    boolean hasOtherThan(@Nullable String key) {
        return entries.values().stream()
                .anyMatch(each -> each.allowed() && !each.key().equals(key));
    }

    List<Candidate> list() {
        return new ArrayList<>(entries.values());
    }
}
