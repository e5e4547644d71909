package dev.fleetgateway.door;

import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** Tells a reader that does not read from one that is gone. */
final class SlowReader {

    private SlowReader() {}

    /** Whether something could not be written because it was not taken in time. */
    static boolean isWhy(@Nullable Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
