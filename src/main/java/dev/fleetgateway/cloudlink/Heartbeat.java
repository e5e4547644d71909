package dev.fleetgateway.cloudlink;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a machine's heartbeat tells: it reads its configuration from the cloud in a rhythm, and says when it last did. A value that
 * moves in its rhythm is contact, one that stands still is none; a single move is neither, since a start moves it too. Immutable.
 *
 * <p>Only moves are looked at, never the age of a value: the machine's clock may be wrong.
 *
 * @param last the newest reading
 * @param movedNanos when the gateway first saw this value
 * @param movedAt the same, for people
 * @param moves how often the value was seen to move in this life
 * @param gaps the latest times between two moves that followed each other, at most five
 * @param phase what is concluded
 */
record Heartbeat(
        Reading last, long movedNanos, Instant movedAt, int moves, List<Duration> gaps, Phase phase, Duration least) {

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
         * @param nanos when the last move that counts was seen
         */
        record Contact(Instant since, boolean again, long nanos) implements Phase {}

        /**
         * No contact.
         *
         * @param since when the value last moved, for whatever reason
         * @param learned whether the rhythm that it should have was known
         */
        record Away(Instant since, boolean learned) implements Phase {}
    }

    /**
     * The first reading, of which nothing follows.
     *
     * @param least how long a value must have stood still at least to mean anything
     */
    static Heartbeat first(Reading reading, Duration least) {
        return new Heartbeat(reading, reading.nanos(), reading.at(), 0, List.of(), new Phase.Learning(), least);
    }

    /** How often the machine hears from its cloud; empty until two moves in a row were seen. */
    Optional<Duration> rhythm() {
        return gaps.isEmpty()
                ? Optional.empty()
                : Optional.of(gaps.stream().sorted().toList().get(gaps.size() / 2));
    }

    /** How long the value has stood still, as of the last reading. */
    Duration standing() {
        return Duration.ofNanos(last.nanos() - movedNanos);
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
            return new Heartbeat(now, movedNanos, movedAt, moves, gaps, phase, least).judged();
        }
        if (!now.life().equals(last.life())) {
            return new Heartbeat(now, now.nanos(), now.at(), 0, gaps, afterStart(now), least);
        }
        Duration gap = Duration.ofNanos(now.nanos() - movedNanos);
        Duration most = rhythm().map(known -> known.multipliedBy(2))
                .orElse(SLOW.multipliedBy(2))
                .plus(LATE);
        if (moves == 0 || gap.compareTo(most) > 0) {
            return new Heartbeat(now, now.nanos(), now.at(), 1, gaps, phase, least).fading();
        }
        List<Duration> learned = new ArrayList<>(gaps);
        learned.add(between(now, gap));
        if (learned.size() > MOST_GAPS) {
            learned.removeFirst();
        }
        return new Heartbeat(now, now.nanos(), now.at(), moves + 1, learned, contact(now), least);
    }

    /** By the machine's own clock, which is exact, unless it jumped. */
    private Duration between(Reading now, Duration seen) {
        Duration told = Duration.between(last.value(), now.value());
        return told.minus(seen).abs().compareTo(LATE) <= 0 ? told : seen;
    }

    private Phase contact(Reading now) {
        return switch (phase) {
            case Phase.Contact(var since, var again, var nanos)
            when isFresh(nanos, now) -> new Phase.Contact(since, again, now.nanos());
            case Phase.Contact _, Phase.Learning _ -> new Phase.Contact(movedAt, false, now.nanos());
            case Phase.Away _ -> new Phase.Contact(movedAt, true, now.nanos());
        };
    }

    /** A machine that starts anew has had a cloud for as long as the last sign of it is not too old. */
    private Phase afterStart(Reading now) {
        return phase instanceof Phase.Contact(var _, var _, var nanos) && isFresh(nanos, now)
                ? phase
                : new Phase.Learning();
    }

    private boolean isFresh(long nanos, Reading now) {
        return Duration.ofNanos(now.nanos() - nanos).compareTo(limit()) <= 0;
    }

    private Heartbeat judged() {
        if (standing().compareTo(limit()) > 0) {
            return phase instanceof Phase.Away ? this : as(new Phase.Away(movedAt, rhythm().isPresent()));
        }
        return fading();
    }

    /** Contact that nothing has confirmed for too long is none that is known. */
    private Heartbeat fading() {
        return phase instanceof Phase.Contact(var _, var _, var nanos) && !isFresh(nanos, last)
                ? as(new Phase.Learning())
                : this;
    }

    private Heartbeat as(Phase other) {
        return new Heartbeat(last, movedNanos, movedAt, moves, gaps, other, least);
    }
}
