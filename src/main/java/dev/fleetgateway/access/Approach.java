package dev.fleetgateway.access;

import java.util.List;

/**
 * How a request came, as far as it shows whether a foreign web page sent it.
 *
 * @param hosts every {@code Host} header
 * @param origins every {@code Origin} header
 * @param fetchSites every {@code Sec-Fetch-Site} header, which a page cannot forge
 * @param fetchModes every {@code Sec-Fetch-Mode} header
 * @param fetchDests every {@code Sec-Fetch-Dest} header
 */
public record Approach(
        String method,
        String path,
        String scheme,
        List<String> hosts,
        List<String> origins,
        List<String> fetchSites,
        List<String> fetchModes,
        List<String> fetchDests) {

    /** Copies the headers. */
    public Approach {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
        fetchSites = List.copyOf(fetchSites);
        fetchModes = List.copyOf(fetchModes);
        fetchDests = List.copyOf(fetchDests);
    }

    /** Whether a person followed a link to the page, in a tab of its own; a frame or a script is no such thing. */
    boolean isVisitToThePage() {
        return (method.equals("GET") || method.equals("HEAD"))
                && path.equals("/")
                && fetchModes.equals(List.of("navigate"))
                && (fetchDests.isEmpty() || fetchDests.equals(List.of("document")));
    }
}
