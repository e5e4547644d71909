package dev.fleetgateway.machine;

/** Which routes to a machine may be used. */
public enum RoutePolicy {
    /** Every route; the LAN first, then the WAN, then the internet. */
    PREFER_LAN,
    /** Only addresses on the gateway's own networks, or in {@code gateway.route.lan-networks}. */
    LAN_ONLY,
    /** Only through the cloud's signaling. */
    INTERNET_ONLY
}
