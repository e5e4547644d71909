package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Twelve machines at two sites, for whoever has none of his own: they start with profile {@code demo} and end with it. */
@Component
@Profile("demo")
public final class DemoFleet implements AutoCloseable {

    private static final List<String> ROVER =
            List.of("motor/m1", "motor/m2", "base/base1", "camera/cam1", "movement_sensor/ms1", "board/board1");
    private static final List<String> ARM = List.of("arm/arm1", "camera/cam1", "generic/g1");
    private static final List<String> STATION = List.of("sensor/s1", "movement_sensor/ms1", "camera/cam1");

    private final SimulatedFleet fleet;

    /** Starts the machines on free ports of loopback. */
    public DemoFleet(Time time) {
        fleet = SimulatedFleet.start(time, specs());
    }

    /** All machines, each with its address, labels, credentials and certificate authority. */
    public List<SimulatedMachine> machines() {
        return fleet.machines();
    }

    /** The machine of that name. */
    public Optional<SimulatedMachine> machine(String name) {
        return fleet.machine(name);
    }

    /** Ends all machines. */
    @Override
    public void close() {
        fleet.close();
    }

    private static List<MachineSpec> specs() {
        List<MachineSpec> specs = new ArrayList<>();
        specs.add(secured("rover-1", "lab", "rover", ROVER));
        specs.add(secured("rover-2", "lab", "rover", ROVER));
        specs.add(secured("arm-1", "lab", "arm", ARM));
        specs.add(secured("arm-2", "lab", "arm", ARM));
        specs.add(secured("station-1", "lab", "station", STATION));
        // The one machine without TLS, key or cloud: everything that has to work for it too can be seen here.
        specs.add(machine("bench", "lab", "bench", List.of()).withResources(ResourceSpec.oneOfEach()));
        specs.add(secured("rover-3", "field", "rover", ROVER));
        specs.add(secured("rover-4", "field", "rover", ROVER));
        specs.add(secured("rover-5", "field", "rover", ROVER));
        specs.add(secured("station-2", "field", "station", STATION));
        specs.add(secured("station-3", "field", "station", STATION));
        // A machine with a key that belongs to no cloud: its sync is not applicable rather than paused.
        specs.add(machine("station-4", "field", "station", STATION)
                .withTls()
                .withKey("key-station-4", secret("station-4")));
        return specs;
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
