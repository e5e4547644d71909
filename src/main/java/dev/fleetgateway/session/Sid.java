package dev.fleetgateway.session;

import dev.fleetgateway.connection.Link;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a command is sent with: the session, and the link on which it is good.
 *
 * @param id the {@code viam-sid}; a secret. Null where the machine keeps no sessions and that is allowed
 * @param window how long the machine waits for a beat; zero where it keeps no sessions
 */
public record Sid(@Nullable String id, Link link, Duration window) {

    /** Never shows the id. */
    @Override
    public String toString() {
        return "a session with a window of " + window.toMillis() + " ms";
    }
}
