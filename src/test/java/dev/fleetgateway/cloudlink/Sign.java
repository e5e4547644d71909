package dev.fleetgateway.cloudlink;

import dev.fleetgateway.time.Moment;
import java.time.Duration;
import java.time.Instant;

/** A machine whose heartbeat is looked at every few seconds, and what is concluded from it. */
final class Sign {

    static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    static final Duration LEAST = Duration.ofSeconds(60);

    /** How far the machine's clock is ahead of ours. */
    Duration ahead = Duration.ofMinutes(-3);

    Duration now = Duration.ZERO;
    Heartbeat heartbeat;

    private Instant value;
    private String life = "1";
    private boolean movedBefore = true;
    private boolean busy;

    Sign() {
        value = START.plus(ahead);
        heartbeat = Heartbeat.first(reading(), LEAST);
    }

    private Reading reading() {
        return new Reading(new Moment(now.toNanos(), START.plus(now)), value, life, movedBefore, busy);
    }

    /** Time passes, and it is looked at every 5 s. */
    Sign watched(Duration time) {
        Duration end = now.plus(time);
        while (now.plusSeconds(5).compareTo(end) <= 0) {
            now = now.plusSeconds(5);
            look();
        }
        now = end;
        return this;
    }

    /** Time passes, and nobody looks. */
    Sign unwatched(Duration time) {
        now = now.plus(time);
        return this;
    }

    Sign look() {
        heartbeat = heartbeat.after(reading());
        return this;
    }

    /** The machine does something else for a time, and hears nothing from its cloud meanwhile. */
    Sign busy(Duration time) {
        busy = true;
        look().watched(time);
        busy = false;
        return look();
    }

    /** The machine hears from its cloud now. */
    Sign hears() {
        value = START.plus(now).plus(ahead);
        movedBefore = true;
        return this;
    }

    /** ... in a rhythm, that often, and is looked at all the time. */
    Sign hears(int times, Duration every) {
        for (int i = 0; i < times; i++) {
            hears();
            look();
            watched(every);
        }
        return this;
    }

    /** The machine starts anew, or takes another configuration. */
    Sign starts() {
        life = life + "1";
        value = START.plus(now).plus(ahead);
        movedBefore = false;
        return look();
    }

    Heartbeat.Phase phase() {
        return heartbeat.phase();
    }
}
