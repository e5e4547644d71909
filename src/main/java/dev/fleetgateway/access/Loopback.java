package dev.fleetgateway.access;

import java.util.regex.Pattern;

/** Names that no DNS server can point at a gateway on loopback, because no resolver asks one about them. */
final class Loopback {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("127(\\." + OCTET + "){3}");

    private Loopback() {}

    /** Whether a host, lower case and as a browser writes it, is this machine by definition. Never looks a name up. */
    static boolean isName(String host) {
        return host.equals("localhost")
                || (host.endsWith(".localhost") && !host.startsWith("."))
                || host.equals("[::1]")
                || IPV4.matcher(host).matches();
    }
}
