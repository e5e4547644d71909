package dev.fleetgateway.discovery;

import dev.fleetgateway.time.Time;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Sightings as a test says, and what was sought. */
public final class FakeDiscovery implements Discovery {

    /** The names that were sought. */
    public final List<String> sought = new CopyOnWriteArrayList<>();

    private final Time time;
    private final List<Sighting> sightings = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    /** Nothing is seen yet. */
    public FakeDiscovery(Time time) {
        this.time = time;
    }

    /** A name is announced at an address, now. */
    public void sees(String name, String ip, int port, String network) {
        var socket = new InetSocketAddress(InetAddress.ofLiteral(ip), port);
        sightings.removeIf(each -> each.name().equals(name)
                && each.socket().equals(socket)
                && each.network().equals(network));
        sightings.add(new Sighting(name, socket, true, time.now(), network));
        listeners.forEach(listener -> listener.accept(name));
    }

    /** A name is gone. */
    public void loses(String name) {
        sightings.removeIf(each -> each.name().equals(name));
        listeners.forEach(listener -> listener.accept(name));
    }

    @Override
    public List<Sighting> of(String name) {
        return MachineName.parse(name)
                .map(asked -> sightings.stream()
                        .filter(each -> MachineName.parse(each.name())
                                .filter(asked::isOf)
                                .isPresent())
                        .sorted(Comparator.comparing(Sighting::seenAt).reversed())
                        .toList())
                .orElse(List.of());
    }

    @Override
    public List<Sighting> all() {
        return sightings.stream().sorted(Comparator.comparing(Sighting::name)).toList();
    }

    @Override
    public void seek(String name) {
        sought.add(name);
    }

    @Override
    public void listen(Consumer<String> listener) {
        listeners.add(listener);
    }
}
