package dev.fleetgateway.uplink;

import dev.fleetgateway.machine.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/** Sees whether a server on the internet is there. Blocks, for the given time at most, but for looking up a name. */
interface Probe {

    /**
     * The addresses of a host.
     *
     * @throws UnknownHostException where it has none, or nobody could be asked
     */
    InetAddress[] lookUp(String host) throws UnknownHostException;

    /** Connects, and closes again without a word. */
    Answer connect(InetAddress host, Address server, Duration within);

    /** What came of it. */
    sealed interface Answer {

        /** Packets go there and back; a refusal shows that too. */
        record There(String how) implements Answer {}

        /** Nothing came back. */
        record Silent(String why) implements Answer {}
    }
}
