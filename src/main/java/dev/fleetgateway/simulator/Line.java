package dev.fleetgateway.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Who waits for one machine, and the places it has to answer them. Used in the signaler's turn only. */
final class Line {

    private final Deque<Place> free = new ArrayDeque<>();
    private final Deque<Offer> waiting = new ArrayDeque<>();
    private final Set<Place> places = new HashSet<>();

    /** Where one offer at a time is answered. */
    static final class Place {
        private final Answerer answerer;
        private final BooleanSupplier there;
        private @Nullable Line line;

        /**
         * @param there whether the answerer is
         */
        Place(Answerer answerer, BooleanSupplier there) {
            this.answerer = answerer;
            this.there = there;
        }

        Answerer answerer() {
            return answerer;
        }

        /** Stands in a line from now on, and may get an offer at once. */
        void open(Line in) {
            line = in;
            in.places.add(this);
            release();
        }

        /** Can have the next offer. */
        void release() {
            if (line != null) {
                line.free.add(this);
                line.match();
            }
        }

        /** Gets no more offers. The conversation it is in goes on. */
        void close() {
            if (line != null) {
                line.places.remove(this);
                line.free.remove(this);
                line = null;
            }
        }
    }

    /** Whether a machine is there, busy or not. */
    boolean attended() {
        return places.stream().anyMatch(place -> place.there.getAsBoolean());
    }

    /** How many offers nobody has taken. */
    int waiting() {
        return waiting.size();
    }

    /** Whether nobody is here who answers or asks. */
    boolean idle() {
        return places.isEmpty() && waiting.isEmpty();
    }

    /** One more offer, which may be taken at once. */
    void join(Offer offer) {
        waiting.add(offer);
        match();
    }

    /** Nobody wants to have that offer answered any more. */
    void leave(Offer offer) {
        waiting.remove(offer);
    }

    private void match() {
        while (!free.isEmpty() && !waiting.isEmpty()) {
            Offer offer = waiting.remove();
            offer.take(free.remove());
        }
    }
}
