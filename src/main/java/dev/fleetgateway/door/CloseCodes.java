package dev.fleetgateway.door;

import org.springframework.web.socket.CloseStatus;

/** Why the gateway closes a socket. */
final class CloseCodes {

    /** What came cannot be a request. */
    static final CloseStatus BAD_FRAME = new CloseStatus(4400, "bad frame");

    /** The other end does not answer pings. */
    static final CloseStatus NO_PONG = new CloseStatus(4408, "no pong");

    /** The other end does not read what it asked for. */
    static final CloseStatus TOO_SLOW = new CloseStatus(4429, "too slow");

    /** The gateway is shutting down. */
    static final CloseStatus DRAINING = new CloseStatus(4503, "draining");

    private CloseCodes() {}
}
