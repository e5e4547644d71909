package dev.fleetgateway.history;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The store could not be read: what memory has is all there is to show. */
final class UnreadException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Storage.State state;

    UnreadException(Storage.State state, String reason, @Nullable Throwable cause) {
        super(reason, cause);
        this.state = state;
    }

    /** What that makes of the store, for who asked. */
    Storage.State state() {
        return state;
    }
}
