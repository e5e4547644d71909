package dev.fleetgateway.history;

/**
 * How many entries that have ended a database may hold of each part, so that a flood of one part takes nothing from another.
 *
 * @param ofOne of one machine
 * @param ofAll of all machines together; where there are more, those machines give that have the most
 */
record Bounds(int ofOne, int ofAll) {

    /**
     * A quarter of a million in the five parts. The file has 250 to 500 MB then, also while a thousand changes a second come and as many are
     * taken out: what is overwritten stays in it for 45 s.
     */
    static final Bounds EMBEDDED = new Bounds(10_000, 50_000);

    /** A million in the five parts, which with their indexes are 400 MB. */
    static final Bounds NAMED = new Bounds(10_000, 200_000);
}
