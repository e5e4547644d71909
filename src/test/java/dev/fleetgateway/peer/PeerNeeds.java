package dev.fleetgateway.peer;

import dev.fleetgateway.Needs;
import dev.fleetgateway.time.SystemTime;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** What a test with two real peers needs of its host. */
public final class PeerNeeds {

    private PeerNeeds() {}

    /** The native library, and an address of the host that is not loopback, since the library gathers no others. */
    public static NativePeers peers() {
        return peers(Long.MAX_VALUE);
    }

    /** The same, where so many messages wear a generation. */
    public static NativePeers peers(long wear) {
        Needs.that(hasAddress(), "this host has no address but loopback: two peers of it cannot meet");
        NativePeers peers = new NativePeers(new SystemTime(), true, wear);
        String missing = "";
        try {
            peers.open(List.of(), new Heard()).close();
        } catch (PeersUnavailableException e) {
            missing = String.valueOf(e.getMessage());
        }
        Needs.that(missing.isEmpty(), missing);
        return peers;
    }

    private static boolean hasAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> address instanceof Inet4Address && !address.isLoopbackAddress());
        } catch (SocketException e) {
            return false;
        }
    }
}
