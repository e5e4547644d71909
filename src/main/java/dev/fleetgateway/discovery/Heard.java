package dev.fleetgateway.discovery;

import java.net.Inet4Address;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What has been heard at one place and has not expired. Identified by itself: two places may have heard the same. */
interface Heard {

    /** The interface of that place. */
    String network();

    /** Whether only this host is heard there. */
    boolean loopback();

    /** What was said last of the service that is announced under a name. */
    Optional<Service> service(String name);

    /** The addresses of a host, each with the time it was last said. */
    List<Address> addresses(String host);

    /** A service, as its last record says. */
    record Service(String host, int port, boolean webrtc) {}

    /** An address and when it was last said. */
    record Address(Inet4Address ip, Instant at) {}
}
