package dev.fleetgateway.peer;

/** WebRTC cannot be used on this host; the message says why and what to install. */
public final class PeersUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says why, and what to install. */
    public PeersUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
