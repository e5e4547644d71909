package dev.fleetgateway.route;

import dev.fleetgateway.machine.Signaling;
import java.net.InetSocketAddress;

/** One way to a machine and how to dial it. */
public sealed interface Way {

    /** What is shown of it. */
    Candidate candidate();

    /** By HTTP/2 to an address. */
    record Direct(Candidate candidate, InetSocketAddress socket) implements Way {}

    /** By a data channel, agreed on through a signaling server. */
    record Signaled(Candidate candidate, Signaling signaling) implements Way {}

    /** Not to be dialed; the candidate says why. */
    record Barred(Candidate candidate) implements Way {}
}
