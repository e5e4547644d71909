package dev.fleetgateway.door;

import dev.fleetgateway.discovery.Discovery;
import dev.fleetgateway.discovery.Sighting;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.machine.Machine;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Machines that announce themselves on the gateway's networks and are not in the fleet. They are looked at, never dialed. */
@RestController
class DiscoveredController {

    private final Discovery discovery;
    private final Fleet fleet;

    DiscoveredController(Discovery discovery, Fleet fleet) {
        this.discovery = discovery;
        this.fleet = fleet;
    }

    @GetMapping("/api/v1/discovered")
    Discovered discovered(HttpServletRequest request) {
        StrictParameters.of(request);
        Map<String, List<Sighting>> strangers = new TreeMap<>();
        for (Sighting sighting : discovery.all()) {
            strangers
                    .computeIfAbsent(sighting.machine(), _ -> new ArrayList<>())
                    .add(sighting);
        }
        strangers.keySet().removeAll(configured());
        return new Discovered(strangers.values().stream()
                .map(DiscoveredController::stranger)
                .sorted(Comparator.comparing(Stranger::name))
                .toList());
    }

    private Set<String> configured() {
        Set<String> configured = new HashSet<>();
        for (Machine machine : fleet.machines()) {
            Stream.concat(
                            Stream.of(
                                    machine.tls().serverName(),
                                    machine.address().host()),
                            machine.addresses().stream().map(Address::host))
                    .map(discovery::of)
                    .flatMap(List::stream)
                    .map(Sighting::machine)
                    .forEach(configured::add);
        }
        return configured;
    }

    private static Stranger stranger(List<Sighting> sightings) {
        List<Sighting> newestFirst = sightings.stream()
                .sorted(Comparator.comparing(Sighting::seenAt).reversed())
                .toList();
        return new Stranger(
                name(sightings),
                newestFirst.stream()
                        .map(sighting -> Address.of(sighting.socket()).toString())
                        .distinct()
                        .toList(),
                sightings.stream().anyMatch(Sighting::webrtc),
                newestFirst.getFirst().seenAt(),
                sightings.stream().map(Sighting::network).distinct().sorted().toList());
    }

    // Of the names of one machine, the one to put into the settings: with dots, and the cloud's before the local one.
    private static String name(List<Sighting> sightings) {
        return sightings.stream()
                .map(Sighting::name)
                .min(Comparator.<String>comparingInt(name -> name.indexOf('.') < 0 ? 1 : 0)
                        .thenComparingInt(String::length)
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    record Discovered(List<Stranger> machines) {}

    record Stranger(String name, List<String> addresses, boolean webrtc, Instant seenAt, List<String> networks) {}
}
