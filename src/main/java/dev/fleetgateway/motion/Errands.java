package dev.fleetgateway.motion;

import java.util.List;

/** What a service said when it was asked for its errands. */
public sealed interface Errands {

    /** All that go on, which may be none. */
    record Listed(List<Errand> errands) implements Errands {

        /** Copies the list. */
        public Listed {
            errands = List.copyOf(errands);
        }
    }

    /** It knows no errands, and will not however often it is asked, until something else is in its place. */
    record Never() implements Errands {}

    /** It did not say. */
    record Unsaid() implements Errands {}
}
