package dev.fleetgateway.machine;

import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * A host, by name or IP address, and a port.
 *
 * @param host without brackets, lower case
 * @param port 1 to 65535
 */
public record Address(String host, int port) {

    /** The port of a viam-server whose address names none. */
    public static final int DEFAULT_PORT = 8080;

    /**
     * Reads {@code host}, {@code host:port}, {@code ip:port} or {@code [ipv6]:port}.
     *
     * @throws IllegalArgumentException with a sentence that follows "is"
     */
    public static Address parse(String text) {
        return parse(text, DEFAULT_PORT);
    }

    /** The same for another kind of server, with the port it has where none is named. */
    public static Address parse(String text, int defaultPort) {
        String trimmed = text.strip();
        String host;
        String port;
        if (trimmed.startsWith("[")) {
            int end = trimmed.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("'" + text + "', which opens a bracket and does not close it");
            }
            host = trimmed.substring(1, end);
            port = trimmed.substring(end + 1);
        } else {
            int colon = trimmed.indexOf(':');
            boolean bareIpv6 = colon >= 0 && trimmed.indexOf(':', colon + 1) >= 0;
            int end = colon < 0 || bareIpv6 ? trimmed.length() : colon;
            host = trimmed.substring(0, end);
            port = trimmed.substring(end);
        }
        if (!host.matches("[A-Za-z0-9._:%-]+")) {
            throw new IllegalArgumentException(
                    "'" + text + "', but an address is host:port, ip:port or a host name, without a scheme or a path");
        }
        return new Address(host.toLowerCase(Locale.ROOT), port.isEmpty() ? defaultPort : port(text, port));
    }

    /** The address of a socket, its IP address and not its name. */
    public static Address of(InetSocketAddress socket) {
        return new Address(socket.getAddress().getHostAddress(), socket.getPort());
    }

    /** Whether it is a name that Viam means for the local network alone. */
    public boolean isLocalName() {
        return host.endsWith(".local.viam.cloud");
    }

    private static int port(String text, String colonAndPort) {
        String digits = colonAndPort.substring(1);
        if (!colonAndPort.startsWith(":")
                || !digits.matches("[0-9]{1,5}")
                || Integer.parseInt(digits) > 65_535
                || Integer.parseInt(digits) == 0) {
            throw new IllegalArgumentException("'" + text + "', whose port is not a number from 1 to 65535");
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
