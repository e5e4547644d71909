package dev.fleetgateway.conformance;

import static org.awaitility.Awaitility.await;

import dev.fleetgateway.peer.NativePeers;
import dev.fleetgateway.simulator.MachineSpec;
import dev.fleetgateway.simulator.RecordedCall;
import dev.fleetgateway.simulator.ResourceSpec;
import dev.fleetgateway.simulator.SimulatedFleet;
import dev.fleetgateway.simulator.SimulatedMachine;
import dev.fleetgateway.time.SystemTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A machine of the simulator with what the real one has. */
final class SimulatedMachineUnderTest extends MachineUnderTest {

    private final @Nullable NativePeers peers;
    private final SimulatedFleet fleet;
    private final SimulatedMachine machine;

    /**
     * Starts.
     *
     * @param peers what it answers by WebRTC with; without, it does not
     */
    SimulatedMachineUnderTest(Protection protection, @Nullable NativePeers peers) {
        super(protection);
        this.peers = peers;
        MachineSpec spec = MachineSpec.named("rover").withResources(resources());
        if (secured()) {
            spec = spec.withTls().withKey(KEY_ID, KEY);
        }
        fleet = peers == null
                ? SimulatedFleet.start(new SystemTime(), spec)
                : SimulatedFleet.start(new SystemTime(), peers, List.of(spec.withWebRtc()));
        machine = fleet.machine("rover").orElseThrow();
        machine.recording(true);
    }

    private static List<ResourceSpec> resources() {
        List<ResourceSpec> resources = new ArrayList<>(ResourceSpec.oneOfEach());
        resources.add(ResourceSpec.of("rdk:component:sensor", BROKEN).failing(WHY_BROKEN));
        return resources;
    }

    @Override
    String what() {
        return "simulator";
    }

    @Override
    boolean real() {
        return false;
    }

    @Override
    int port() {
        return machine.port();
    }

    @Override
    String serverName() {
        return machine.serverName();
    }

    @Override
    String caPem() {
        return fleet.caPem();
    }

    /** How many calls came in so far, refused ones too. */
    long callsSeen() {
        return machine.callsSeen();
    }

    /** The calls it let in. */
    List<RecordedCall> calls() {
        return machine.calls();
    }

    @Override
    void stop() {
        try (DirectMachine direct = direct()) {
            direct.shutDown();
        }
        await().until(() -> !listening());
    }

    @Override
    void kill() {
        machine.powerOff();
    }

    @Override
    void start() {
        machine.powerOn();
        awaitBuilt();
    }

    @Override
    void changeNetworkSettings() {
        machine.restart();
    }

    @Override
    void refuseKey() {
        machine.refuseAuth();
        machine.restart();
    }

    @Override
    void acceptKey() {
        machine.mend();
    }

    @Override
    void showOtherCertificate() {
        machine.wrongCertificate();
    }

    @Override
    void showOwnCertificate() {
        machine.mend();
    }

    @Override
    void freeze() {
        machine.hang(null);
    }

    @Override
    void thaw() {
        machine.mend();
    }

    @Override
    void slowDownPointClouds() {
        machine.delay("viam.component.camera.v1.CameraService/GetPointCloud", Duration.ofMillis(80));
    }

    @Override
    public void close() {
        fleet.close();
        if (peers != null) {
            peers.close();
        }
    }
}
