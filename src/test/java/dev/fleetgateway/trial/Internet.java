package dev.fleetgateway.trial;

import java.io.IOException;
import java.util.List;

/**
 * The lines of the route trial, and what can happen to them: a LAN of gateway and machine, and a router between these and the
 * cloud. Each verb says when it began.
 */
final class Internet {

    private static final String CLOUD = "198.18.0.2";

    private final Stage stage;
    private boolean renumbered;

    Internet(Stage stage) {
        this.stage = stage;
    }

    /** The LAN's cable is pulled out of the gateway. */
    long unplugGateway() throws IOException, InterruptedException {
        long at = System.nanoTime();
        stage.ip("g", "link", "set", "to-m", "down");
        return at;
    }

    /** The LAN's cable is pulled out of the machine. */
    long unplugMachine() throws IOException, InterruptedException {
        long at = System.nanoTime();
        stage.ip("m", "link", "set", "to-g", "down");
        return at;
    }

    /** The LAN is there again. */
    long plug() throws IOException, InterruptedException {
        long at = System.nanoTime();
        stage.ip("m", "link", "set", "to-g", "up");
        stage.ip("g", "link", "set", "to-m", "up");
        return at;
    }

    /** What the machine sends over the LAN is lost; what is sent to it is not. */
    long deafen() throws IOException, InterruptedException {
        long at = System.nanoTime();
        stage.iptables("g", "-I", "PREROUTING", "-i", "to-m", "-j", "DROP");
        return at;
    }

    /** Every packet on the internet is lost. */
    long cut() throws IOException, InterruptedException {
        long at = System.nanoTime();
        stage.iptables("r", "-I", "PREROUTING", "-j", "DROP");
        return at;
    }

    /** Every packet to and from the cloud is lost. */
    long cutCloud() throws IOException, InterruptedException {
        long at = System.nanoTime();
        stage.iptables("r", "-I", "PREROUTING", "-s", CLOUD, "-j", "DROP");
        stage.iptables("r", "-I", "PREROUTING", "-d", CLOUD, "-j", "DROP");
        return at;
    }

    /** The other gateways get no datagram through, so that they agree on a channel and never open one. */
    long cutDatagrams() throws IOException, InterruptedException {
        long at = System.nanoTime();
        stage.iptables("h", "-I", "PREROUTING", "-i", "to-r", "-p", "udp", "-j", "DROP");
        stage.iptables("h", "-I", "OUTPUT", "-o", "to-r", "-p", "udp", "-j", "DROP");
        return at;
    }

    /** The gateway gets another address on the LAN. */
    long renumberLan() throws IOException, InterruptedException {
        return renumber("to-m", "10.99.2.3/24");
    }

    /** The gateway gets another address on the internet. */
    long renumberInternet() throws IOException, InterruptedException {
        return renumber("to-r", "198.51.100.3/24");
    }

    private long renumber(String interfaceName, String to) throws IOException, InterruptedException {
        renumbered = true;
        long at = System.nanoTime();
        stage.ip("g", "address", "flush", "dev", interfaceName);
        stage.ip("g", "address", "add", to, "dev", interfaceName);
        stage.ip("g", "route", "replace", "default", "via", "198.51.100.1");
        return at;
    }

    /** Ends every fault there may be. */
    long mend() throws IOException, InterruptedException {
        long at = System.nanoTime();
        for (String namespace : List.of("r", "g", "h", "m")) {
            stage.iptables(namespace, "-F");
        }
        plug();
        if (renumbered) {
            renumber("to-m", "10.99.2.1/24");
            renumber("to-r", "198.51.100.2/24");
            renumbered = false;
        }
        return at;
    }
}
