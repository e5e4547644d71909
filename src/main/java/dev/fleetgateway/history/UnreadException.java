package dev.fleetgateway.history;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The store could not be read: what memory has is all there is to show. */
final class UnreadException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    UnreadException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }
}
