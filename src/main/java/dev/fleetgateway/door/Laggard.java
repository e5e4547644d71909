package dev.fleetgateway.door;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;

/**
 * A caller who has been waited for.
 *
 * @param wanting what he has not sent yet
 * @param waited for how long
 */
record Laggard(SocketChannel channel, NioSocketWrapper connection, Wanting wanting, Duration waited) {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Those come first whom it costs least to hang up on. */
    static final Comparator<Laggard> CHEAPEST_FIRST =
            Comparator.comparing(Laggard::wanting).thenComparing(Laggard::waited, Comparator.reverseOrder());

    static final Comparator<Laggard> LONGEST_FIRST = Comparator.comparing(Laggard::waited, Comparator.reverseOrder());

    /** Whether he has just come, and may be about to say that something has to stop. */
    boolean isNew() {
        return waited.compareTo(PATIENCE) < 0;
    }

    /** What of a request has not come yet, in the order in which it is given up. */
    enum Wanting {
        REQUEST,
        REST_OF_HEAD,
        REST_OF_BODY
    }
}
