package dev.fleetgateway.connection;

/** Why a machine cannot be reached; what can be told apart is told apart. */
public enum FailureKind {
    /** Its name has no address. */
    NAME_UNKNOWN(false),
    /** Nothing listens there: the host is up, viam-server is not. */
    REFUSED(false),
    /** No way to the host. */
    NO_ROUTE(false),
    /** No answer in time. */
    TIMEOUT(false),
    /** The connection was there and closed. */
    CLOSED(false),
    /** It is connected but does not answer. */
    SILENT(false),
    /** Its certificate is not trusted, expired, or of another name. */
    CERTIFICATE(true),
    /** It speaks plaintext where TLS is required, or the other way round. */
    PROTOCOL(true),
    /** It did not accept the key. */
    CREDENTIALS(true),
    /** The signaling server says that the machine is not in touch with it. */
    OFFLINE(false),
    /** It was tried too lately, or too often; nothing was sent this time. */
    TOO_OFTEN(false),
    /** This way needs something that is not installed on the gateway's host. */
    NOT_INSTALLED(true),
    /** The settings leave no way to try. */
    NO_CANDIDATE(true),
    /** Anything else. */
    OTHER(false);

    private final boolean settings;

    FailureKind(boolean settings) {
        this.settings = settings;
    }

    /** Whether trying again soon is pointless, because only a change of settings, key or certificate can mend it. */
    public boolean settings() {
        return settings;
    }
}
