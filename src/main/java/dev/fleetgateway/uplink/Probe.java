package dev.fleetgateway.uplink;

import dev.fleetgateway.machine.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** Sees whether a server on the internet is there. Blocks, for the given time at most. */
interface Probe {

    /**
     * The addresses of a host, at least one.
     *
     * @throws UnknownHostException where it has none, or nobody says in time
     */
    List<InetAddress> lookUp(String host, Duration within) throws UnknownHostException;

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
