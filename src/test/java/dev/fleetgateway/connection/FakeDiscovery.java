package dev.fleetgateway.connection;

import dev.fleetgateway.discovery.Discovery;
import dev.fleetgateway.discovery.Sighting;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What announces itself, as the test says. */
final class FakeDiscovery implements Discovery {

    private final List<Sighting> sightings = new ArrayList<>();
    int sought;

    void announces(String name, String address, int port) {
        sightings.add(new Sighting(name, new InetSocketAddress(address, port), true, Instant.EPOCH, "eth0"));
    }

    void forgets() {
        sightings.clear();
    }

    @Override
    public List<Sighting> of(String name) {
        return sightings.stream().filter(each -> each.name().equals(name)).toList();
    }

    @Override
    public List<Sighting> all() {
        return List.copyOf(sightings);
    }

    @Override
    public void seek(String name) {
        sought++;
    }

    @Override
    public void listen(Consumer<String> listener) {
        // Tests tell the connection themselves.
    }
}
