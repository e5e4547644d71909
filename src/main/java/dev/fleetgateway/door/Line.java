package dev.fleetgateway.door;

import java.io.IOException;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * The line to the caller of a request, which tells whether he has hung up. Tomcat itself says so only to those who read or
 * write, and a handler that waits for a machine does neither.
 */
final class Line {

    private static final ScopedValue<Line> OF_THIS_REQUEST = ScopedValue.newInstance();
    private static final Line NOT_KNOWN = new Line(null);

    private final @Nullable SocketWrapperBase<?> connection;

    private Line(@Nullable SocketWrapperBase<?> connection) {
        this.connection = connection;
    }

    /** The line of the request that this thread serves; one that knows nothing where that is not known. */
    static Line ofThisRequest() {
        return OF_THIS_REQUEST.orElse(NOT_KNOWN);
    }

    /** Does what serves the requests of a connection, each of which has then its line. */
    static <T> T during(SocketWrapperBase<?> connection, ScopedValue.CallableOp<T, IOException> service)
            throws IOException {
        return ScopedValue.where(OF_THIS_REQUEST, new Line(connection)).call(service);
    }

    /**
     * Whether the caller is known to be gone: he has closed, half closed or reset his connection. Costs one read that does not
     * wait. What he has sent ahead of his next request is kept for it, and hides a hang-up that came after it.
     *
     * <p>To be asked by the thread that serves the request, until it is answered; asked by any other, it knows nothing.
     */
    boolean gone() {
        // Whoever serves a connection holds its lock, so nobody else reads from it now.
        if (connection == null || !connection.getLock().isHeldByCurrentThread()) {
            return false;
        }
        try {
            // Fills the connection's own buffer, from which the next request is read, and not that of the request,
            // whose
            // bookkeeping of a body and what follows it does not survive a read from outside.
            boolean _ = connection.isReadyForRead();
            return false;
        } catch (IOException _) {
            return true;
        }
    }
}
