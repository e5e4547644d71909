package dev.fleetgateway.simulator;

import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.peer.Peers;
import dev.fleetgateway.peer.PeersUnavailableException;
import dev.fleetgateway.time.Time;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Twelve machines at two sites, for whoever has none of his own: they start with profile {@code demo} and end with it. Those in the
 * lab are on the gateway's own network, some of them to be found there by their names. Those in the field are behind another
 * network, whose addresses begin with 127.0.1, or can be reached through a small cloud alone. Where this host lets no two peers of
 * WebRTC meet, or has no such addresses, the machines are at addresses that work.
 */
@Component
@Profile("demo")
public final class DemoFleet implements AutoCloseable {

    /** The network of the site that is not the gateway's own. */
    public static final String FIELD = "127.0.1.0/24";

    private static final Logger log = LoggerFactory.getLogger(DemoFleet.class);

    private static final List<String> ROVER =
            List.of("motor/m1", "motor/m2", "base/base1", "camera/cam1", "movement_sensor/ms1", "board/board1");
    private static final List<String> ARM = List.of("arm/arm1", "camera/cam1", "generic/g1");
    private static final List<String> STATION = List.of("sensor/s1", "movement_sensor/ms1", "camera/cam1");

    private final SimulatedCloud cloud;
    private final SimulatedFleet fleet;

    /** Starts the machines on free ports of loopback. */
    public DemoFleet(Time time, Peers peers) {
        boolean webRtc = meet(peers);
        boolean field = canListen(at(1));
        cloud = SimulatedCloud.start(time, CloudSpec.onLoopback());
        fleet = SimulatedFleet.start(time, peers, specs(webRtc, field));
        cloud.connect(fleet);
    }

    /** All machines, each with its address, labels, credentials and certificate authority. */
    public List<SimulatedMachine> machines() {
        return fleet.machines();
    }

    /** The machine of that name. */
    public Optional<SimulatedMachine> machine(String name) {
        return fleet.machine(name);
    }

    /** Where the machines that answer by WebRTC wait for their callers. */
    public SimulatedCloud cloud() {
        return cloud;
    }

    /** Ends all machines. */
    @Override
    public void close() {
        fleet.close();
        cloud.close();
    }

    private static List<MachineSpec> specs(boolean webRtc, boolean field) {
        UnaryOperator<MachineSpec> signaled = spec -> webRtc ? spec.withWebRtc() : spec;
        UnaryOperator<MachineSpec> found = spec -> signaled.apply(spec).withMdns();
        List<MachineSpec> specs = new ArrayList<>();
        specs.add(found.apply(secured("rover-1", "lab", "rover", ROVER)));
        specs.add(found.apply(secured("rover-2", "lab", "rover", ROVER)));
        specs.add(found.apply(secured("arm-1", "lab", "arm", ARM)));
        specs.add(secured("arm-2", "lab", "arm", ARM));
        specs.add(secured("station-1", "lab", "station", STATION));
        // The one machine without TLS, key or cloud: everything that has to work for it too can be seen here.
        specs.add(machine("bench", "lab", "bench", List.of()).withResources(ResourceSpec.oneOfEach()));
        specs.add(signaled.apply(secured("rover-3", "field", "rover", ROVER)));
        specs.add(signaled.apply(secured("rover-4", "field", "rover", ROVER)));
        // It has two ways, and the nearer one is lost when it leaves its network.
        specs.add(afar(signaled.apply(secured("rover-5", "field", "rover", ROVER)), 5, field));
        specs.add(afar(secured("station-2", "field", "station", STATION), 2, field));
        specs.add(signaled.apply(secured("station-3", "field", "station", STATION)));
        // A machine with a key that belongs to no cloud: its sync is not applicable rather than paused.
        specs.add(afar(
                machine("station-4", "field", "station", STATION)
                        .withTls()
                        .withKey("key-station-4", secret("station-4")),
                4,
                field));
        return specs;
    }

    private static MachineSpec afar(MachineSpec spec, int number, boolean field) {
        return field ? spec.onHost(at(number)) : spec;
    }

    private static String at(int number) {
        return "127.0.1." + number;
    }

    // Not every system has more than one address of loopback.
    private static boolean canListen(String host) {
        try (ServerSocket _ = new ServerSocket(0, 1, InetAddress.ofLiteral(host))) {
            return true;
        } catch (IOException e) {
            log.info("This host has no address {}; all machines of the demo are at 127.0.0.1", host);
            return false;
        }
    }

    // Two peers of one host meet at its own address, and never on loopback.
    private static boolean meet(Peers peers) {
        try {
            boolean address = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(each -> each instanceof Inet4Address && !each.isLoopbackAddress());
            if (address) {
                peers.open(List.of(), new Deaf()).close();
            } else {
                log.info("This host has no address but loopback; no machine of the demo is reached by WebRTC");
            }
            return address;
        } catch (PeersUnavailableException | SocketException e) {
            log.info("No machine of the demo is reached by WebRTC: {}", e.getMessage());
            return false;
        }
    }

    private static final class Deaf implements Peer.Listener {
        @Override
        public void candidate(Peer.IceCandidate candidate) {}

        @Override
        public void gathered() {}

        @Override
        public void opened() {}

        @Override
        public void frame(byte[] frame) {}

        @Override
        public void closed(String reason) {}
    }

    private static MachineSpec secured(String name, String site, String kind, List<String> has) {
        return machine(name, site, kind, has)
                .withTls()
                .withKey("key-" + name, secret(name))
                .inCloud();
    }

    private static MachineSpec machine(String name, String site, String kind, List<String> has) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("site", site);
        labels.put("kind", kind);
        List<ResourceSpec> resources = new ArrayList<>();
        for (String one : has) {
            String[] parts = one.split("/", 2);
            String[] wheels = parts[0].equals("base") ? new String[] {"m1", "m2"} : new String[0];
            resources.add(ResourceSpec.of("rdk:component:" + parts[0], parts[1], wheels));
        }
        resources.add(ResourceSpec.of("rdk:service:data_manager", "builtin"));
        if (has.contains("base/base1")) {
            resources.add(ResourceSpec.navigation("nav1", "base1"));
            resources.add(ResourceSpec.of("rdk:service:motion", "builtin"));
        }
        return MachineSpec.named(name).labelled(labels).withResources(resources);
    }

    // Fresh at each start: a demo's keys guard nothing, and still nobody should learn to write keys into sources.
    private static String secret(String name) {
        return name + '-' + Uuids.random();
    }
}
