package dev.fleetgateway.conformance;

import static org.awaitility.Awaitility.await;

import dev.fleetgateway.peer.NativePeers;
import dev.fleetgateway.peer.PeerNeeds;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The one machine that a conformance test talks to: a simulated one, or a real viam-server that the test starts and ends.
 * A verb returns when what it says is in force.
 */
abstract class MachineUnderTest implements AutoCloseable {

    static final String KEY_ID = "0a1b2c3d-1111-4222-8333-444455556666";
    static final String KEY = "right-key-of-the-conformance-tests";

    /** A sensor that cannot be built. */
    static final String BROKEN = "broken1";

    static final String WHY_BROKEN = "resource build error: unknown resource type: API rdk:component:sensor with model"
            + " rdk:builtin:absent not registered; There may be no module in config that provides this model";

    private final Protection protection;

    MachineUnderTest(Protection protection) {
        this.protection = protection;
    }

    /** A machine with all its resources built: the real one where {@code VIAM_SERVER} names its program. */
    static MachineUnderTest start(Protection protection) {
        return start(protection, null);
    }

    /** The same, and it answers offers of WebRTC that come to its own signaling server, as a real one always does. */
    static MachineUnderTest startWithWebRtc(Protection protection) {
        return start(protection, PeerNeeds.peers());
    }

    private static MachineUnderTest start(Protection protection, @Nullable NativePeers peers) {
        String program = System.getenv("VIAM_SERVER");
        boolean simulated = program == null || program.isBlank();
        if (peers != null && !simulated) {
            peers.close();
        }
        MachineUnderTest machine =
                simulated ? new SimulatedMachineUnderTest(protection, peers) : new ViamServer(protection, program);
        try {
            machine.awaitBuilt();
            return machine;
        } catch (RuntimeException e) {
            machine.close();
            throw e;
        }
    }

    Protection protection() {
        return protection;
    }

    boolean secured() {
        return protection == Protection.SECURED;
    }

    /** What it is, for people. */
    abstract String what();

    abstract boolean real();

    /** The port on loopback, the same over all restarts. */
    abstract int port();

    /** The name in its certificate. */
    abstract String serverName();

    /** The authority of its certificate, for those who are to trust it. */
    abstract String caPem();

    /** Ends in good order, as on SIGTERM. */
    abstract void stop();

    /** Ends at once, as on SIGKILL. */
    abstract void kill();

    /** Comes up again after {@link #stop} or {@link #kill}. */
    abstract void start();

    /** Changes a setting of its network, at which it drops everybody and listens anew. */
    abstract void changeNetworkSettings();

    /** Takes the key no longer. */
    abstract void refuseKey();

    /** Takes the key again. */
    abstract void acceptKey();

    /** Shows a certificate of another name and authority. */
    abstract void showOtherCertificate();

    /** Shows its own certificate again. */
    abstract void showOwnCertificate();

    /** Holds still: its connections stay, and nothing is answered. */
    abstract void freeze();

    /** Ends {@link #freeze}. */
    abstract void thaw();

    /** Sees to it that a point cloud takes its time, as it does on a real machine. */
    abstract void slowDownPointClouds();

    @Override
    public abstract void close();

    /** Where to reach it, as host and port. */
    String address() {
        return "127.0.0.1:" + port();
    }

    /** A connection to it that knows nothing of the gateway. */
    DirectMachine direct() {
        return DirectMachine.connect(this);
    }

    boolean listening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    final void awaitBuilt() {
        await("the machine has built its resources")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(this::built);
    }

    private boolean built() {
        if (!listening()) {
            return false;
        }
        try (DirectMachine direct = direct()) {
            return direct.built();
        } catch (StatusRuntimeException e) {
            return false;
        }
    }
}
