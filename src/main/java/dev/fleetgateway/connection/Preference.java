package dev.fleetgateway.connection;

import java.time.Duration;

/** Which of two lines should carry: the one that does, or the one beside it. */
sealed interface Preference {

    /** The one that does. */
    record Stay() implements Preference {}

    /** The one beside it, if both are as good as now after so much longer. */
    record Wait(Duration more) implements Preference {}

    /** The one beside it, now. */
    record Move(String because) implements Preference {}

    /** A pinned line is left only when it is dead for all that is known. */
    int DEAD_AFTER = 2;

    /**
     * Judges.
     *
     * @param pinned whether a lease pins the one that carries
     * @param hysteresis how long a better one must stay
     */
    static Preference of(Line carrier, Line standby, boolean pinned, Duration hysteresis) {
        if (!standby.good()) {
            return new Stay();
        }
        boolean dead = carrier.doubted()
                || carrier.missed() >= DEAD_AFTER
                || !carrier.link().usable();
        if (dead || (carrier.missed() > 0 && !pinned)) {
            return new Move("the one before no longer answers");
        }
        if (standby.route().rank() > carrier.route().rank() || pinned) {
            return new Stay();
        }
        if (standby.route().rank() == carrier.route().rank()) {
            return carrier.link().worn() && !standby.link().worn()
                    ? new Move("the connection before was worn, and this one is fresh")
                    : new Stay();
        }
        if (carrier.provisional(hysteresis)) {
            return new Move("it is nearer than the one that answered first");
        }
        Duration more = hysteresis.minus(standby.age());
        return more.isPositive() ? new Wait(more) : new Move("it is nearer and has stayed");
    }

    /** Whether two lines lead to different machines, as far as the machines themselves can tell. */
    static boolean isAnotherMachine(Line one, Line other) {
        return tells(one)
                && tells(other)
                && !one.link().identity().equals(other.link().identity());
    }

    private static boolean tells(Line line) {
        return line.link().identity().startsWith(Link.PART);
    }
}
