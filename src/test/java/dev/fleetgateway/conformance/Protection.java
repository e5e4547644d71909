package dev.fleetgateway.conformance;

/** How a machine under test is protected. */
enum Protection {
    /** Plaintext, for everybody. */
    OPEN,
    /** TLS with a certificate of an authority made for the test, and an API key. */
    SECURED
}
