package dev.fleetgateway.door;

import java.time.Duration;

/**
 * What one socket may take.
 *
 * @param messageBytes the largest message from the caller
 * @param callsInFlight calls that have not been answered
 * @param controlMessages answers and notices that wait to be written; more than calls can be in flight, since these may all
 *     be answered at once, and so may the stops of a whole fleet
 * @param controlBytes how large those may be together
 * @param malformedInARow messages that are no requests before it is given up
 * @param heartbeat how often the other end is asked whether it is there; two unanswered end the socket
 * @param writeTimeout how long one message may take to be written
 */
record SocketLimits(
        int messageBytes,
        int callsInFlight,
        int controlMessages,
        long controlBytes,
        int malformedInARow,
        Duration heartbeat,
        Duration writeTimeout) {

    /** What suits a browser's page and a program alike. */
    static final SocketLimits DEFAULT =
            new SocketLimits(1 << 20, 100, 1024, 16 << 20, 10, Duration.ofSeconds(15), Duration.ofSeconds(10));
}
