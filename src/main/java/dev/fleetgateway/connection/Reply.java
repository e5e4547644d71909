package dev.fleetgateway.connection;

import io.grpc.Status;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What came of a question that is asked while a way is being opened.
 *
 * @param <T> what was asked for
 */
public sealed interface Reply<T> {

    /**
     * The answer.
     *
     * @param peer who gave it; null where the transport does not tell
     */
    record Given<T>(T value, @Nullable SocketAddress peer) implements Reply<T> {}

    /** The other side itself ended it with that status. */
    record Refused<T>(Status status) implements Reply<T> {

        /** What was said with it; empty where nothing was. */
        public String said() {
            return status.getDescription() == null ? "" : status.getDescription();
        }
    }

    /** What answers does not speak gRPC. */
    record Nonsense<T>(Status status) implements Reply<T> {}

    /** The question or its answer did not arrive. */
    record Lost<T>(Status status) implements Reply<T> {}
}
