package dev.fleetgateway.cloudlink;

import dev.fleetgateway.time.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a machine's heartbeat tells: it reads its configuration from the cloud in a rhythm, and says when it last did. A value that
 * moves in its rhythm is contact, one that stands still is none; a single move is neither, since a start moves it too. Immutable.
 *
 * <p>Only moves are looked at, never the age of a value: the machine's clock may be wrong.
 *
 * @param last the newest reading
 * @param moved when the gateway first saw this value
 * @param stands since when it counts that it stands still: since it moved, or since the machine was last busy with something else
 * @param moves how often the value was seen to move in this life
 * @param gaps the latest times between two moves that followed each other in this life, at most five
 * @param stray the time between the last two moves, where that did not fit the rhythm
 * @param phase what is concluded
 * @param least how long a value must have stood still at least to mean anything
 */
record Heartbeat(
        Reading last,
        Moment moved,
        Moment stands,
        int moves,
        List<Duration> gaps,
        @Nullable Duration stray,
        Phase phase,
        Duration least) {

    /** How long a healthy machine may go without a sign beyond twice its rhythm: one poll of its cloud that hangs costs it 25 s (seen live). */
    private static final Duration PATIENCE = Duration.ofSeconds(35);

    /** The slowest rhythm that is allowed for while it is not known. */
    private static final Duration SLOW = Duration.ofSeconds(60);

    /** By how much the gateway may see a move late: its polls are up to 11 s apart, and one may fail. */
    private static final Duration LATE = Duration.ofSeconds(15);

    private static final int MOST_GAPS = 5;

    Heartbeat {
        gaps = List.copyOf(gaps);
    }

    /** What is concluded. */
    sealed interface Phase {

        /** Not enough was seen. */
        record Learning() implements Phase {}

        /**
         * In contact.
         *
         * @param since the first move of an unbroken series
         * @param again whether it had been away before
         * @param last the last move that counts
         */
        record Contact(Moment since, boolean again, Moment last) implements Phase {}

        /**
         * No contact.
         *
         * @param since when the value last moved, for whatever reason, or the machine was last busy with something else
         * @param learned whether the rhythm that it should have was known
         */
        record Away(Moment since, boolean learned) implements Phase {}
    }

    /** The first reading, of which nothing follows. */
    static Heartbeat first(Reading reading, Duration least) {
        return new Heartbeat(
                reading, reading.moment(), reading.moment(), 0, List.of(), null, new Phase.Learning(), least);
    }

    /** How often the machine hears from its cloud; empty until two moves in a row were seen. */
    Optional<Duration> rhythm() {
        return gaps.isEmpty()
                ? Optional.empty()
                : Optional.of(gaps.stream().sorted().toList().get(gaps.size() / 2));
    }

    /** How long it must stand still for contact to be lost. */
    Duration limit() {
        if (rhythm().isEmpty() && !last.movedBefore() && moves == 0) {
            // It never moved since it was built, and the first move comes soon after that.
            return least;
        }
        Duration needed = rhythm().orElse(SLOW).multipliedBy(2).plus(PATIENCE);
        return needed.compareTo(least) > 0 ? needed : least;
    }

    /** With one more reading, which is never older than the last. */
    Heartbeat after(Reading now) {
        if (now.value().equals(last.value())) {
            Moment counts = now.busy() ? now.moment() : stands;
            return new Heartbeat(now, moved, counts, moves, gaps, stray, phase, least).judged();
        }
        if (!now.life().equals(last.life())) {
            return new Heartbeat(now, now.moment(), now.moment(), 0, List.of(), null, afterStart(now), least);
        }
        Duration gap = now.moment().since(moved);
        if (moves == 0) {
            return broken(now, null);
        }
        if (gap.compareTo(most()) <= 0) {
            List<Duration> learned = new ArrayList<>(gaps);
            learned.add(between(now, gap));
            if (learned.size() > MOST_GAPS) {
                learned.removeFirst();
            }
            return inRhythm(now, learned);
        }
        if (!stands.equals(moved)) {
            return broken(now, null);
        }
        // Twice the same is a cloud that became slow, or a rhythm slower than what is allowed for; absences differ.
        return stray != null && stray.minus(gap).abs().compareTo(LATE) <= 0
                ? inRhythm(now, List.of(stray, gap))
                : broken(now, gap);
    }

    /** The longest time between two moves that follow each other. */
    private Duration most() {
        return rhythm().orElse(SLOW).multipliedBy(2).plus(LATE);
    }

    private Heartbeat inRhythm(Reading now, List<Duration> learned) {
        return new Heartbeat(now, now.moment(), now.moment(), moves + 1, learned, null, contact(now.moment()), least);
    }

    private Heartbeat broken(Reading now, @Nullable Duration gap) {
        return new Heartbeat(now, now.moment(), now.moment(), 1, gaps, gap, phase, least).fading();
    }

    /** By the machine's own clock, which is exact, unless it jumped. */
    private Duration between(Reading now, Duration seen) {
        Duration told = Duration.between(last.value(), now.value());
        return told.minus(seen).abs().compareTo(LATE) <= 0 ? told : seen;
    }

    private Phase contact(Moment now) {
        return switch (phase) {
            case Phase.Contact(var since, var again, var before)
            when isFresh(before, now) -> new Phase.Contact(since, again, now);
            case Phase.Contact _, Phase.Learning _ -> new Phase.Contact(moved, false, now);
            case Phase.Away _ -> new Phase.Contact(moved, true, now);
        };
    }

    /** A machine that starts anew has had a cloud for as long as the last sign of it is not too old. */
    private Phase afterStart(Reading now) {
        return phase instanceof Phase.Contact(var _, var _, var before) && isFresh(before, now.moment())
                ? phase
                : new Phase.Learning();
    }

    private boolean isFresh(Moment before, Moment now) {
        return now.since(before).compareTo(limit()) <= 0;
    }

    private Heartbeat judged() {
        if (last.moment().since(stands).compareTo(limit()) > 0) {
            return phase instanceof Phase.Away ? this : as(new Phase.Away(stands, rhythm().isPresent()));
        }
        return fading();
    }

    /** Contact that nothing has confirmed for too long is none that is known. */
    private Heartbeat fading() {
        return phase instanceof Phase.Contact(var _, var _, var before) && !isFresh(before, last.moment())
                ? as(new Phase.Learning())
                : this;
    }

    private Heartbeat as(Phase other) {
        return new Heartbeat(last, moved, stands, moves, gaps, stray, other, least);
    }
}
